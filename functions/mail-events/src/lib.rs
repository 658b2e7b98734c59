//! SQS: what SES tells of the mails that it took.
