use super::*;

#[tokio::test]
async fn a_good_answer_is_shown_with_its_quotes() {
    let server = Server::saying(Reply::answers(&good_answers())).await;
    let drafted = draft(&server).await;
    assert_eq!(drafted.by, DraftedBy::Model(MODEL.into()));
    assert_eq!(
        (drafted.fallback.as_deref(), drafted.usage.tokens_in, drafted.usage.tokens_out),
        (None, 1200, 340)
    );
    let shown: Vec<String> = drafted.drafts.iter().map(text).collect();
    assert_eq!(
        shown,
        ["Fewer returns by hand.", "The NetSuite sync worked.", "1 March 2027", "Yes", "NetSuite"]
    );
    assert!(drafted.drafts.iter().all(|draft| draft.citations().len() == 1 && draft.withheld.is_empty()));
    assert_eq!(drafted.drafts[2].citations()[0].quote, "Go-live is 1 March 2027.");
    assert_eq!(drafted.drafts[2].confidence, Some(Confidence::Medium));
    assert_eq!(drafted.drafts[2].reason, "Stated once");
    assert_eq!(server.asked().len(), 1, "one call per run");
}

#[tokio::test]
async fn the_request_is_exactly_this() {
    let server = Server::saying(Reply::answers(&good_answers())).await;
    draft(&server).await;
    let (model, body) = server.asked().remove(0);
    assert_eq!(model, MODEL);
    insta::assert_snapshot!("request", readable(&body));
    let again = Server::saying(Reply::answers(&good_answers())).await;
    draft(&again).await;
    assert_eq!(again.asked().remove(0).1, body, "the same for the same sources, every time");
}

/// The request with its keys in order and its texts as lines.
pub(super) fn readable(body: &Value) -> String {
    let mut body = body.clone();
    let schema = &mut body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"];
    *schema = serde_json::from_str(schema.as_str().unwrap()).unwrap();
    let pretty = serde_json::to_string_pretty(&sorted(&body)).unwrap();
    pretty.replace("\\n", "\n    ").replace("\\\"", "\"")
}

/// The same whatever map the JSON library is built with.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: std::collections::BTreeMap<&String, Value> =
                fields.iter().map(|(key, value)| (key, sorted(value))).collect();
            fields.into_iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_tool_stands_in_for_the_schema_where_it_must() {
    let server = Server::saying(Reply::Tool(json!({"answers": good_answers()}))).await;
    let drafted = draft_with(&server, &sources(), &questions(), OutputMode::ForcedTool).await;
    assert_eq!(text(&drafted.drafts[1]), "The NetSuite sync worked.");
    let body = &server.asked()[0].1;
    assert_eq!(body["toolConfig"]["toolChoice"]["tool"]["name"], "handoff_draft");
    assert_eq!(body["toolConfig"]["tools"][0]["toolSpec"]["strict"], true);
    assert_eq!(body.get("outputConfig"), None);
}

#[tokio::test]
async fn what_the_ae_added_is_shown_to_the_model() {
    let server = Server::saying(Reply::answers(&good_answers())).await;
    let run = RunId::parse("run-2").unwrap();
    let (sources, questions) = (sources(), questions());
    let request = DraftRequest {
        language: "de",
        company: "Northwind",
        questions: &questions,
        sources: &sources,
        context: Some("They moved it to May."),
        seed: "a secret of the handoff",
        run: &run,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    drafter(&server, OutputMode::JsonSchema).draft(&request).await;
    let said = server.asked()[0].1["messages"][0]["content"].as_array().unwrap().last().unwrap()["text"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(said.contains("They moved it to May.") && said.contains("(ISO 639-1): de"), "{said}");
}

#[tokio::test]
async fn throttling_that_passes_is_waited_out() {
    let answers = good_answers();
    let script = move |before, _: &Value| {
        if before < 2 { Reply::Error(429, "ThrottlingException") } else { Reply::answers(&answers) }
    };
    let server = Server::scripted(script).await;
    assert_eq!(draft(&server).await.fallback, None);
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn every_error_ends_in_extractive_drafts_that_say_why() {
    for (status, code, attempts, words) in [
        (429, "ThrottlingException", 3, "too busy"),
        (429, "ModelNotReadyException", 3, "too busy"),
        (503, "ServiceUnavailableException", 3, "too busy"),
        (500, "InternalServerException", 3, "could not be reached"),
        (424, "ModelErrorException", 1, "could not be reached"),
        (408, "ModelTimeoutException", 1, "in time"),
        (400, "ValidationException", 1, "did not accept"),
        (403, "AccessDeniedException", 1, "not available"),
        (404, "ResourceNotFoundException", 1, "not available"),
    ] {
        let server = Server::saying(Reply::Error(status, code)).await;
        let drafted = draft(&server).await;
        is_extractive(&drafted, words, code);
        assert_eq!(server.asked().len(), attempts, "{code}");
    }
}

#[tokio::test]
async fn a_guardrail_is_named_only_where_there_is_one() {
    let server = Server::saying(Reply::answers(&good_answers())).await;
    let guardrail = Guardrail { id: "gr1abc".into(), version: "3".into() };
    let guarded = drafter(&server, OutputMode::JsonSchema).with_guardrail(Some(guardrail));
    draft_by(&guarded, &sources(), &questions()).await;
    draft(&server).await;
    let asked: Vec<Value> =
        server.asked().into_iter().map(|(_, body)| body["guardrailConfig"].clone()).collect();
    assert_eq!(
        (&asked[0]["guardrailIdentifier"], &asked[0]["guardrailVersion"]),
        (&json!("gr1abc"), &json!("3"))
    );
    assert_eq!(asked[1], Value::Null);
}

#[tokio::test]
async fn a_server_that_is_away_ends_in_extractive_drafts() {
    let server = Server::saying(Reply::answers(&[])).await;
    let config = server.config().into_builder().endpoint_url("http://127.0.0.1:9").build();
    let retry = RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(2));
    let away = BedrockDrafter::with_retries(&config, MODEL.into(), retry);
    let drafted = draft_by(&away, &sources(), &questions()).await;
    is_extractive(&drafted, "could not be reached", "away");
}

#[tokio::test]
async fn unusable_stop_reasons_end_in_extractive_drafts() {
    let whole = json!({"answers": good_answers()}).to_string();
    for (stop, words) in [
        ("guardrail_intervened", "safety filter"),
        ("content_filtered", "safety filter"),
        ("malformed_model_output", "could not be read"),
        ("malformed_tool_use", "could not be read"),
        ("model_context_window_exceeded", "too long"),
        ("something_new", "could not be read"),
    ] {
        let server = Server::saying(Reply::Text(stop, whole.clone())).await;
        let drafted = draft(&server).await;
        is_extractive(&drafted, words, stop);
        assert_eq!(drafted.usage.tokens_in, 1200, "what was paid for is told");
    }
    let server = Server::saying(Reply::Text("stop_sequence", whole)).await;
    assert_eq!(draft(&server).await.fallback, None);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_used_as_far_as_it_is_whole() {
    let whole = json!({"answers": good_answers()}).to_string();
    let cut = whole[..whole.find("sign_on").unwrap()].to_owned();
    let server = Server::saying(Reply::Text("max_tokens", cut)).await;
    let drafted = draft(&server).await;
    assert_eq!(drafted.by, DraftedBy::Model(MODEL.into()));
    assert!(drafted.fallback.unwrap().contains("cut off"));
    let by: Vec<bool> = drafted.drafts.iter().map(|draft| draft.by == DraftedBy::Extractive).collect();
    assert_eq!(by, [false, false, false, true, true]);
    assert_eq!(
        drafted.drafts.iter().map(|d| d.question.clone()).collect::<Vec<_>>(),
        questions().iter().map(|q| q.id.clone()).collect::<Vec<_>>()
    );

    let server = Server::saying(Reply::Text("max_tokens", "{\"answers\": [{\"ques".into())).await;
    is_extractive(&draft(&server).await, "cut off", "nothing whole");
}

#[tokio::test]
async fn unreadable_answers_end_in_extractive_drafts() {
    for text in [
        "",
        "Sure! Here you go.",
        "{\"answers\": [{\"question\": \"why_us\"",
        "[1, 2]",
        "{\"answer\": {}}",
        "{\"answers\": [{\"q\": 1}]}",
    ] {
        let server = Server::saying(Reply::Text("end_turn", text.into())).await;
        is_extractive(&draft(&server).await, "could not be read", text);
    }
    for body in ["{\"output\": {\"mess", "null", "[]", "<html>"] {
        let server = Server::saying(Reply::Raw(body.into())).await;
        assert!(draft(&server).await.fallback.is_some(), "{body}");
    }
}

#[tokio::test]
async fn statements_without_a_true_quote_are_withheld_and_counted() {
    let claims = [
        claim("Go-live is 1 March 2027.", &[("S1", "Go-live is 1 March 2027.")]),
        claim("They have 500 users.", &[("S1", "They have 500 users.")]),
        claim("SSO is required.", &[("S1", "SSO is required for all users")]),
        claim("The sync worked.", &[("S2", "the NеtSuite sync worked")]),
        claim("Fewer returns, then live.", &[("S1", "by hand. We chose you")]),
        claim("No quote at all.", &[]),
        claim("A source of nowhere.", &[("S9", "Go-live is 1 March 2027.")]),
        claim("Live on 15 June 2031.", &[("S1", "Go-live is 1 March 2027.")]),
        claim("The moon is made of cheese.", &[("S1", "Go-live is 1 March 2027.")]),
    ];
    let server = Server::saying(Reply::answers(&[answer("primary_use_case", &claims)])).await;
    let drafted = draft(&server).await;
    assert_eq!(text(&drafted.drafts[0]), "Go-live is 1 March 2027.");
    assert_eq!(drafted.drafts[0].withheld.len(), 8);
}

#[tokio::test]
async fn choices_are_given_options_and_yes_no_is_one_word() {
    let quote = ("S2", "the NetSuite sync worked");
    let answers = [
        answer("systems", &[claim("NetSuite and Oracle", &[quote]), claim("NetSuite", &[quote])]),
        answer("sign_on", &[claim("yes", &[quote]), claim("no", &[quote])]),
    ];
    let server = Server::saying(Reply::answers(&answers)).await;
    let drafted = draft(&server).await;
    let by_id = |id: &str| drafted.drafts.iter().find(|draft| draft.question.as_str() == id).unwrap();
    assert_eq!(by_id("systems").value, Some(AnswerValue::Choices(vec!["NetSuite".into()])));
    assert_eq!(by_id("systems").withheld.len(), 1);
    assert_eq!((by_id("sign_on").value.clone(), by_id("sign_on").withheld.len()), (None, 2));
    assert!(by_id("sign_on").citations().is_empty() && by_id("sign_on").confidence.is_none());
}

#[tokio::test]
async fn not_in_the_sources_is_an_answer() {
    let open: Vec<Value> = questions().iter().map(|question| answer(question.id.as_str(), &[])).collect();
    let server = Server::saying(Reply::answers(&open)).await;
    let drafted = draft(&server).await;
    assert!(drafted.fallback.is_none() && drafted.drafts.iter().all(|draft| draft.value.is_none()));
}

fn is_extractive(drafted: &Drafted, words: &str, what: &str) {
    assert_eq!(drafted.by, DraftedBy::Extractive, "{what}");
    assert!(
        drafted.fallback.as_deref().is_some_and(|fallback| fallback.contains(words)),
        "{what}: {:?}",
        drafted.fallback
    );
    assert_eq!(drafted.drafts.len(), questions().len());
    assert!(text(&drafted.drafts[2]).contains("1 March 2027"), "{what}: {:?}", drafted.drafts[2]);
}
