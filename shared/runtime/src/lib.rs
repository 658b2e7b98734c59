//! What every door needs: environment, clock, logs, AWS configuration, batches.
