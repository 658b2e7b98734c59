//! What a model's tokens cost.

use handoff_domain::draft::Usage;
use std::str::FromStr;

/// Dollars for a million tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Prices {
    /// Read anew.
    pub input: f64,
    /// Written.
    pub output: f64,
    /// Read from the cache.
    pub cache_read: f64,
    /// Written into the cache.
    pub cache_write: f64,
}

/// Why a text is no price list; says what one looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected dollars for a million tokens, such as in=0.06,out=0.24,cache_read=0.015,cache_write=0.06; cache prices may be left out"
)]
pub struct NoPrices;

impl FromStr for Prices {
    type Err = NoPrices;

    /// Reads `in=<dollars>,out=<dollars>` with `cache_read` and `cache_write` where the model caches. Without them a cached
    /// token costs what another does.
    fn from_str(text: &str) -> Result<Self, NoPrices> {
        let (mut input, mut output, mut read, mut write) = (None, None, None, None);
        for part in text.split(',') {
            let (name, dollars) = part.split_once('=').ok_or(NoPrices)?;
            let dollars: f64 = dollars.trim().parse().map_err(|_| NoPrices)?;
            let place = match name.trim() {
                "in" => &mut input,
                "out" => &mut output,
                "cache_read" => &mut read,
                "cache_write" => &mut write,
                _ => return Err(NoPrices),
            };
            if !(0.0..=100_000.0).contains(&dollars) || place.replace(dollars).is_some() {
                return Err(NoPrices);
            }
        }
        let (input, output) = (input.ok_or(NoPrices)?, output.ok_or(NoPrices)?);
        Ok(Self { input, output, cache_read: read.unwrap_or(input), cache_write: write.unwrap_or(input) })
    }
}

impl Prices {
    /// What this use costs, in millionths of a dollar: dollars for a million tokens are just that for one.
    #[allow(clippy::cast_precision_loss, reason = "no request has 2^52 tokens")]
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounded, never negative, far below 2^63"
    )]
    pub fn microdollars(&self, usage: &Usage) -> u64 {
        let parts = [
            (usage.tokens_in, self.input),
            (usage.tokens_out, self.output),
            (usage.cache_read, self.cache_read),
            (usage.cache_written, self.cache_write),
        ];
        parts.iter().map(|&(tokens, price)| tokens as f64 * price).sum::<f64>().round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_costs_what_its_tokens_cost() {
        let prices: Prices = "in=0.06, out=0.24,cache_read=0.015,cache_write=0".parse().unwrap();
        let usage = Usage {
            tokens_in: 10_000,
            tokens_out: 1_000,
            cache_read: 4_000,
            cache_written: 9,
            microdollars: None,
        };
        assert_eq!(prices.microdollars(&usage), 900);
        let plain: Prices = "in=1,out=5".parse().unwrap();
        assert_eq!((plain.cache_read, plain.cache_write), (1.0, 1.0));
    }

    #[test]
    fn half_a_price_list_is_none() {
        for text in
            ["", "in=1", "in=1,out=-1", "in=1,out=x", "in=1,out=2,in=3", "in=1,out=2,tax=3", "in=1,out=inf"]
        {
            assert_eq!(text.parse::<Prices>(), Err(NoPrices), "{text}");
        }
    }
}
