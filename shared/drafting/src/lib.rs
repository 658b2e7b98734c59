//! From sources to checked answers: the Bedrock drafter and the extractive one.
