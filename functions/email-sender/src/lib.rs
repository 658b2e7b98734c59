//! DynamoDB stream and the schedule outbox-sweep: sends what the outbox owes, through SES.
