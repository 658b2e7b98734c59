//! Times as counters: buckets that can be added up, and the median of what was added. Each bucket is a quarter wider than
//! the one before; a time that is read back differs by at most [`WAIT_ERROR_PERCENT`] from the one that went in.

use super::Counts;

/// How far a time that is read back may be from the one that went in.
pub const WAIT_ERROR_PERCENT: f64 = 12.0;

/// How much wider each bucket is than the one before.
const GROWTH: f64 = 1.25;

/// Which bucket holds a time.
pub fn wait_bucket(minutes: i64) -> i64 {
    let minutes = minutes.max(1) as f64;
    whole((minutes.ln() / GROWTH.ln()).floor())
}

/// The whole number that is nearest.
#[expect(
    clippy::cast_possible_truncation,
    reason = "times, scores and rates are far below the end of the numbers"
)]
pub fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// The time that a bucket stands for: its middle, in minutes.
pub fn wait_minutes(bucket: i64) -> f64 {
    GROWTH.powi(i32::try_from(bucket).unwrap_or(i32::MAX)) * GROWTH.sqrt()
}

/// The time that a share of all waited at most, in minutes, of counters `<prefix><bucket>`; `None` where nobody waited.
pub fn quantile(counts: &Counts, prefix: &str, share: f64) -> Option<f64> {
    let mut buckets: Vec<(i64, i64)> = counts
        .iter()
        .filter_map(|(counter, count)| Some((counter.strip_prefix(prefix)?.parse().ok()?, *count)))
        .filter(|(_, count)| *count > 0)
        .collect();
    buckets.sort_unstable();
    let all: i64 = buckets.iter().map(|(_, count)| count).sum();
    let wanted = (share * all as f64).ceil().max(1.0);
    let mut seen = 0;
    buckets.into_iter().find_map(|(bucket, count)| {
        seen += count;
        (seen as f64 >= wanted).then(|| wait_minutes(bucket))
    })
}
