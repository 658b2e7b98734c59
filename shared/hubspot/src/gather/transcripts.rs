//! What was said in calls, where HubSpot holds a transcript.

use super::gap_or_error;
use crate::api::{Record, transcript_path};
use crate::client::HubSpot;
use crate::error::HubSpotError;
use crate::text;
use crate::transport::Request;
use handoff_domain::source::{Source, SourceGap, SourceKind};
use serde_json::Value;
use std::cmp::Reverse;

/// Transcripts that are read for one deal, the newest: each costs a request.
const TRANSCRIPTS_MAX: usize = 2;

impl HubSpot {
    /// Adds the transcripts of the newest calls to their sources.
    pub(super) async fn add_transcripts(
        &self,
        calls: &[Record],
        sources: &mut Vec<Source>,
        gaps: &mut Vec<SourceGap>,
        last_try: bool,
    ) -> Result<(), HubSpotError> {
        let transcript =
            |call: &Record| call.properties.raw("hs_call_transcription_id")?.trim().parse::<u64>().ok();
        let mut wanted: Vec<(&Record, u64)> =
            calls.iter().filter_map(|call| Some((call, transcript(call)?))).collect();
        wanted.sort_by_key(|(call, _)| Reverse(call.properties.timestamp("hs_timestamp")));
        let mut gap = |reason: String| gaps.push(SourceGap { kind: SourceKind::Call, reason });
        if wanted.len() > TRANSCRIPTS_MAX {
            gap(format!("Only the newest {TRANSCRIPTS_MAX} of {} transcripts were read", wanted.len()));
        }
        for (call, id) in wanted.into_iter().take(TRANSCRIPTS_MAX) {
            match self.call(&Request::get(transcript_path(id), Vec::new())).await {
                Ok(Some(answer)) => add_text(sources, call, &read_transcript(&answer)),
                Ok(None) => gap("The transcript of a call could not be found".to_owned()),
                Err(error) => gap(format!("The transcript of a call: {}", gap_or_error(error, last_try)?)),
            }
        }
        Ok(())
    }
}

fn add_text(sources: &mut Vec<Source>, call: &Record, transcript: &str) {
    if transcript.is_empty() {
        return;
    }
    let id = format!("call-{}", call.id);
    if let Some(source) = sources.iter_mut().find(|source| source.id.as_str() == id) {
        source.body = text::clean(&format!("{}\n\nTranscript:\n{transcript}", source.body));
        return;
    }
    let Ok(id) = handoff_domain::id::SourceId::parse(id) else { return };
    let kind = SourceKind::Call;
    let date = call.properties.timestamp("hs_timestamp");
    let body = text::clean(&format!("Transcript:\n{transcript}"));
    sources.push(Source { id, kind, title: kind.label().to_owned(), author: None, date, body });
}

/// One line for each utterance: the speaker, where known, and the words.
fn read_transcript(answer: &Value) -> String {
    let utterances =
        answer.get("transcriptUtterances").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let line = |utterance: &Value| {
        let words = text::clean_line(utterance.get("text")?.as_str()?);
        let speaker = utterance.get("speaker");
        let name =
            speaker.and_then(|speaker| speaker.get("name").or(Some(speaker))?.as_str()).map(text::title);
        let name = name.filter(|name| !name.is_empty()).map(|name| format!("{name}: ")).unwrap_or_default();
        (!words.is_empty()).then(|| format!("{name}{words}"))
    };
    utterances.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}
