//! What the drafter reads of a deal: all that hangs on it in HubSpot, or as much of it as a handoff can hold.

use handoff_domain::source::{Source, SourceGap, SourceKind};
use handoff_hubspot::{Deal, Gathered, HubSpot, HubSpotError};
use handoff_store::{SOURCES_MAX_BYTES, stored_bytes};
use std::collections::BTreeMap;

/// Reads all that hangs on a deal, as the drafter gets it; `last_try` as for [`HubSpot::gather`].
pub async fn gather(hubspot: &HubSpot, deal: &Deal, last_try: bool) -> Result<Gathered, HubSpotError> {
    let mut gathered = hubspot.gather(deal, last_try).await?;
    prepare(&mut gathered);
    Ok(gathered)
}

/// Makes what was gathered fit to be drafted from and kept: every way to a draft leads through here.
pub(crate) fn prepare(gathered: &mut Gathered) {
    let ours = gathered.ae.email.as_ref();
    gathered.sources = handoff_sources::tidy(std::mem::take(&mut gathered.sources), ours);
    fit(&mut gathered.sources, &mut gathered.gaps);
}

/// Leaves what fits: records first, then the newest; tells what was left out, by kind. The drafter reads what is kept,
/// so that every citation can be opened.
fn fit(sources: &mut Vec<Source>, gaps: &mut Vec<SourceGap>) {
    if sources.iter().map(stored_bytes).sum::<usize>() <= SOURCES_MAX_BYTES {
        return;
    }
    let is_activity = |source: &Source| {
        !matches!(source.kind, SourceKind::Deal | SourceKind::Company | SourceKind::Contact)
    };
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|&index| {
        sources.get(index).map(|source| (is_activity(source), std::cmp::Reverse(source.date)))
    });
    let (mut filled, mut keeps) = (0, vec![false; sources.len()]);
    for index in order {
        let size = sources.get(index).map_or(0, stored_bytes);
        if let Some(keep) = keeps.get_mut(index).filter(|_| filled + size <= SOURCES_MAX_BYTES) {
            *keep = true;
            filled += size;
        }
    }
    let mut left_out: BTreeMap<SourceKind, usize> = BTreeMap::new();
    let mut index = 0;
    sources.retain(|source| {
        let keep = keeps.get(index).copied().unwrap_or(false);
        index += 1;
        if !keep {
            *left_out.entry(source.kind).or_default() += 1;
        }
        keep
    });
    gaps.extend(left_out.into_iter().map(|(kind, count)| SourceGap {
        kind,
        reason: format!("{count} older left out: together they are larger than a handoff can hold"),
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::Timestamp;
    use handoff_domain::id::SourceId;

    fn note(number: usize, bytes: usize) -> Source {
        Source {
            id: SourceId::parse(format!("note-{number}")).unwrap(),
            kind: SourceKind::Note,
            title: String::new(),
            author: None,
            date: Timestamp::from_second(i64::try_from(number).unwrap()).ok(),
            body: "x".repeat(bytes),
        }
    }

    #[test]
    fn what_fits_is_left_alone() {
        let mut sources = vec![note(1, 10), note(2, 10)];
        let mut gaps = Vec::new();
        fit(&mut sources, &mut gaps);
        assert_eq!((sources.len(), gaps.len()), (2, 0));
    }

    #[test]
    fn the_oldest_are_left_out_and_told() {
        let mut sources: Vec<Source> = (0..100).map(|number| note(number, 65_536)).collect();
        let mut gaps = Vec::new();
        fit(&mut sources, &mut gaps);
        assert!(sources.iter().map(stored_bytes).sum::<usize>() <= SOURCES_MAX_BYTES);
        assert_eq!(sources.last().unwrap().id.as_str(), "note-99");
        assert!(sources.iter().all(|source| source.id.as_str() != "note-0"));
        assert!(gaps[0].reason.starts_with(&format!("{} older", 100 - sources.len())));
    }
}
