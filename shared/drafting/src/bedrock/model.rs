//! What is known of the models by family: how much they hold, and what of it they can cache.
//!
//! Sources: the model cards and <https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html>.

/// Facts of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Model {
    /// Tokens that a request and its answer may have together.
    pub(super) context_tokens: usize,
    /// What it caches; nothing where that is unknown.
    pub(super) caching: Option<Caching>,
}

/// What a family caches up to a cache point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Caching {
    /// A shorter beginning is not cached.
    pub(super) min_tokens: usize,
    /// A longer beginning is not cached.
    pub(super) max_tokens: usize,
    /// Whether writing to the cache costs no more than reading anew.
    pub(super) is_free_to_write: bool,
}

const NOVA_CACHING: Caching = Caching { min_tokens: 1_000, max_tokens: 20_000, is_free_to_write: true };

const fn claude(min_tokens: usize) -> Model {
    let caching = Caching { min_tokens, max_tokens: 200_000, is_free_to_write: false };
    Model { context_tokens: 200_000, caching: Some(caching) }
}

/// Parts of model ids, the first that is found counts: ids of inference profiles have a Region before it.
const FAMILIES: [(&str, Model); 12] = [
    ("amazon.nova-micro", Model { context_tokens: 128_000, caching: Some(NOVA_CACHING) }),
    ("amazon.nova-premier", Model { context_tokens: 1_000_000, caching: Some(NOVA_CACHING) }),
    ("amazon.nova", Model { context_tokens: 300_000, caching: Some(NOVA_CACHING) }),
    ("anthropic.claude-haiku-4-5", claude(4_096)),
    ("anthropic.claude-opus-4-5", claude(4_096)),
    ("anthropic.claude-opus-4-6", claude(4_096)),
    ("anthropic.claude-3-5-haiku", claude(2_048)),
    ("anthropic.claude-3-haiku", Model { context_tokens: 200_000, caching: None }),
    ("anthropic.claude", claude(1_024)),
    ("meta.llama", Model { context_tokens: 128_000, caching: None }),
    ("mistral.", Model { context_tokens: 32_000, caching: None }),
    ("openai.gpt-oss", Model { context_tokens: 128_000, caching: None }),
];

/// What is known of the model with this id; of an unknown one the least is assumed.
pub(super) fn model(id: &str) -> Model {
    let known = FAMILIES.iter().find(|(part, _)| id.contains(part));
    known.map_or(Model { context_tokens: 32_000, caching: None }, |(_, model)| *model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_known_by_its_family_whatever_region_stands_before_it() {
        assert_eq!(model("eu.amazon.nova-lite-v1:0").context_tokens, 300_000);
        assert_eq!(model("amazon.nova-micro-v1:0").context_tokens, 128_000);
        let haiku = model(
            "arn:aws:bedrock:eu-central-1:1:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        );
        assert_eq!(haiku.caching.map(|caching| caching.min_tokens), Some(4_096));
        assert_eq!(model("someone.else-v1"), Model { context_tokens: 32_000, caching: None });
    }
}
