//! Which drafter writes, from the environment.

use handoff_drafting::{BedrockDrafter, Drafter, ExtractiveDrafter, Guardrail, OutputMode, Prices};
use handoff_runtime::{Aws, Reader, Service, Timeouts};

/// Less than this holds the deal's own record and nothing else.
const SOURCE_TOKENS_MIN: usize = 500;

/// Which drafter writes.
#[derive(Debug, Clone, PartialEq)]
pub enum DrafterChoice {
    /// No model.
    Extractive,
    /// A model on Bedrock.
    Bedrock {
        /// The id of the model or of its inference profile.
        model: String,
        /// How it is held to the answers' shape.
        output: OutputMode,
        /// What each request and answer passes through.
        guardrail: Option<Guardrail>,
        /// What its tokens cost.
        prices: Option<Prices>,
        /// Tokens of source text that it reads at most; `None` leaves it to the drafter.
        source_tokens: Option<usize>,
    },
}

impl DrafterChoice {
    /// Reads `HANDOFF_DRAFTER` and for a model `BEDROCK_MODEL_ID`, `BEDROCK_OUTPUT`, `BEDROCK_GUARDRAIL_ID` with
    /// `BEDROCK_GUARDRAIL_VERSION`, `BEDROCK_PRICES` and `BEDROCK_SOURCE_TOKENS`; problems are the reader's to tell.
    pub fn read(reader: &Reader<'_>) -> Self {
        match reader.optional("HANDOFF_DRAFTER").as_deref() {
            Some("extractive") => Self::Extractive,
            None | Some("bedrock") => Self::Bedrock {
                model: reader.required("BEDROCK_MODEL_ID"),
                output: output_mode(reader),
                guardrail: read_guardrail(reader),
                prices: read_prices(reader),
                source_tokens: read_source_tokens(reader),
            },
            Some(_) => {
                reader.complain("HANDOFF_DRAFTER is neither bedrock nor extractive");
                Self::Extractive
            }
        }
    }

    /// Makes the drafter; one that picks sentences has no use for AWS.
    pub fn make(self, aws: &Aws) -> Drafter {
        match self {
            Self::Extractive => Drafter::Extractive(ExtractiveDrafter::new()),
            Self::Bedrock { model, output, guardrail, prices, source_tokens } => {
                // The drafter sets its own, longer timeouts.
                let bedrock = aws.config(Service::BedrockRuntime, Timeouts::WORKER);
                let drafter = BedrockDrafter::new(&bedrock, model)
                    .with_output(output)
                    .with_guardrail(guardrail)
                    .with_prices(prices);
                Drafter::Bedrock(match source_tokens {
                    Some(tokens) => drafter.with_source_tokens(tokens),
                    None => drafter,
                })
            }
        }
    }
}

/// Nova and older models have no structured output: <https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html>.
fn output_mode(reader: &Reader<'_>) -> OutputMode {
    match reader.optional("BEDROCK_OUTPUT").as_deref() {
        None | Some("json_schema") => OutputMode::JsonSchema,
        Some("tool") => OutputMode::ForcedTool,
        Some(_) => {
            reader.complain("BEDROCK_OUTPUT is neither json_schema nor tool");
            OutputMode::JsonSchema
        }
    }
}

/// Both or none.
fn read_guardrail(reader: &Reader<'_>) -> Option<Guardrail> {
    let id = reader.optional("BEDROCK_GUARDRAIL_ID");
    let version = reader.optional("BEDROCK_GUARDRAIL_VERSION");
    if id.is_some() != version.is_some() {
        reader.complain("BEDROCK_GUARDRAIL_ID and BEDROCK_GUARDRAIL_VERSION go together");
    }
    Some(Guardrail { id: id?, version: version? })
}

fn read_prices(reader: &Reader<'_>) -> Option<Prices> {
    let prices = reader.optional("BEDROCK_PRICES")?.parse::<Prices>();
    if let Err(error) = &prices {
        reader.complain(format!("BEDROCK_PRICES: {error}"));
    }
    prices.ok()
}

fn read_source_tokens(reader: &Reader<'_>) -> Option<usize> {
    let text = reader.optional("BEDROCK_SOURCE_TOKENS")?;
    let tokens = text.parse().ok().filter(|tokens| *tokens >= SOURCE_TOKENS_MIN);
    if tokens.is_none() {
        reader.complain(format!("BEDROCK_SOURCE_TOKENS is no whole number from {SOURCE_TOKENS_MIN}"));
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_runtime::Environment;

    #[test]
    fn a_guardrail_has_a_version_and_an_empty_one_is_none() {
        let read = |id: &str, version: &str| {
            let environment = Environment::from_pairs([
                ("BEDROCK_GUARDRAIL_ID", id),
                ("BEDROCK_GUARDRAIL_VERSION", version),
            ]);
            let reader = environment.reader();
            let guardrail = read_guardrail(&reader);
            reader.finish(Some(())).map(|()| guardrail)
        };
        assert_eq!(read("", "").unwrap(), None);
        assert_eq!(read("gr1", "2").unwrap(), Some(Guardrail { id: "gr1".into(), version: "2".into() }));
        assert!(read("gr1", "").is_err());
    }

    #[test]
    fn half_a_price_list_and_a_budget_of_nothing_are_refused_with_the_remedy() {
        let environment =
            Environment::from_pairs([("BEDROCK_PRICES", "in=1"), ("BEDROCK_SOURCE_TOKENS", "10")]);
        let reader = environment.reader();
        assert_eq!((read_prices(&reader), read_source_tokens(&reader)), (None, None));
        let told = reader.finish(Some(())).unwrap_err().to_string();
        assert!(told.contains("BEDROCK_PRICES: expected dollars") && told.contains("from 500"), "{told}");
    }

    #[test]
    fn the_model_is_held_to_the_shape_in_the_way_that_it_knows() {
        let read = |output: &str| {
            let environment = Environment::from_pairs([
                ("BEDROCK_MODEL_ID", "m"),
                ("BEDROCK_OUTPUT", output),
                ("BEDROCK_PRICES", "in=0.06,out=0.24"),
                ("BEDROCK_SOURCE_TOKENS", "9000"),
            ]);
            let reader = environment.reader();
            let choice = DrafterChoice::read(&reader);
            reader.finish(Some(choice))
        };
        let bedrock = |output| DrafterChoice::Bedrock {
            model: "m".to_owned(),
            output,
            guardrail: None,
            prices: "in=0.06,out=0.24".parse().ok(),
            source_tokens: Some(9_000),
        };
        assert_eq!(read("tool").unwrap(), bedrock(OutputMode::ForcedTool));
        assert_eq!(read("").unwrap(), bedrock(OutputMode::JsonSchema));
        assert!(read("xml").unwrap_err().to_string().contains("BEDROCK_OUTPUT"));
    }
}
