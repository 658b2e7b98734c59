//! HTTP: authenticate the raw bytes, keep them in the queue, answer.
