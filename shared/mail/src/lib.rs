//! Mails: their words, their looks, and SES.
