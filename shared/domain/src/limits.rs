//! Every tunable number of the product in one place, each with its unit and its reason.

/// How long a handoff link lives after it was first sent, in days. An organization may choose less.
pub const LINK_LIFE_DAYS: i64 = 30;

/// Longest text answer and longest note to the CSM, in bytes of UTF-8.
pub const ANSWER_MAX_BYTES: usize = 20 * 1024;

/// Everything a person may type into one handoff, in bytes: well under DynamoDB's 400 KB item.
pub const HANDOFF_ANSWERS_MAX_BYTES: usize = 300 * 1024;

/// Text that the AE may add when asking for a new draft, in bytes.
pub const REDRAFT_CONTEXT_MAX_BYTES: usize = 10 * 1024;

/// New drafts that an AE may ask for per handoff.
pub const REDRAFTS_PER_HANDOFF: u32 = 5;

/// A new draft that has not arrived after this long is not waited for, in minutes: the worker and its repeats are done by then.
pub const REDRAFT_WAIT_MINUTES: i64 = 10;

/// Fresh links that an expired handoff may ask for.
pub const RENEWALS_PER_HANDOFF: u32 = 5;

/// Largest webhook delivery that is accepted, in bytes: SQS's 1 MiB less 8 KiB for its envelope.
pub const WEBHOOK_BODY_MAX_BYTES: usize = 1_040_384;

/// Largest image of a logo, in bytes: it is drawn 32 pixels high, and mails fetch it.
pub const LOGO_MAX_BYTES: usize = 100 * 1024;

/// Largest form that is accepted, in bytes.
pub const FORM_BODY_MAX_BYTES: usize = 1024 * 1024;

/// How old a signed webhook may be, in milliseconds (HubSpot's own rule).
pub const SIGNATURE_MAX_AGE_MS: i64 = 300_000;

/// How far ahead of our clock a signed webhook may be, in milliseconds.
pub const SIGNATURE_MAX_AHEAD_MS: i64 = 60_000;

/// How long one sender owns an owed mail, in seconds. Longer than the sender's own timeout.
pub const MAIL_CLAIM_SECONDS: i64 = 120;

/// How long an unknown sending outcome waits for the SES SEND event before it is sent once more, in seconds.
pub const MAIL_UNKNOWN_WAIT_SECONDS: i64 = 600;

/// How long a mail is tried after answers that say "not sent", before it is given up and shown to an admin, in hours.
/// A pause of the account or a used-up daily quota may last a weekend.
pub const MAIL_GIVE_UP_AFTER_HOURS: i64 = 72;

/// How long one worker owns a handoff that it drafts, in seconds: its timeout and a little more.
pub const DRAFTING_LEASE_SECONDS: i64 = 305;

/// How long drafting may take before a handoff counts as stuck, in minutes: three runs of a worker at their longest.
pub const DRAFTING_PATIENCE_MINUTES: i64 = 15;

/// How long drafting may take before a person must look, in minutes: all tries of a worker, with the pauses between them.
pub const DRAFTING_GIVE_UP_MINUTES: i64 = 90;

/// Days after the link was made on which an AE may ask to be reminded.
pub const LATER_MAX_DAYS: u8 = 30;

/// Longest word of an AE who says that a handoff is not theirs, in bytes.
pub const WORD_MAX_BYTES: usize = 2000;

/// Largest text of one source that is kept, in bytes. HubSpot notes end at 65,536 characters.
pub const SOURCE_BODY_MAX_BYTES: usize = 200 * 1024;

/// How long a handoff waits for what is read of the customer's website, in seconds; then it is drafted without.
pub const RESEARCH_WAIT_SECONDS: i64 = 60;

/// How much later than that the message that ends the wait arrives, in seconds, so that clocks may differ a little.
pub const RESEARCH_WAIT_MARGIN_SECONDS: i64 = 5;

/// Pages of a website that are read: the home page and the best four that it links to.
pub const RESEARCH_PAGES_MAX: usize = 5;

/// Text of one page that is kept, in bytes: all pages together fit into one message and leave room for the CRM's sources.
pub const RESEARCH_PAGE_MAX_BYTES: usize = 20 * 1024;

/// Largest raw payload of an account made by hand, in bytes.
pub const PAYLOAD_MAX_BYTES: usize = 200 * 1024;

/// Longest reason that a person gives for a step, in bytes.
pub const REASON_MAX_BYTES: usize = 2000;

/// Reminders that people may send an AE in a day.
pub const REMINDERS_PER_DAY: u32 = 1;

/// Texts that one note may have had: twenty of the longest fit into one item.
pub const NOTE_EDITS_MAX: usize = 20;

/// How long a sign-in link lives, in minutes.
pub const SIGN_IN_LINK_MINUTES: i64 = 10;

/// A session that nobody used for this long is over, in hours.
pub const SESSION_IDLE_HOURS: i64 = 12;

/// A session ends this long after its sign-in, however much it is used, in days.
pub const SESSION_LIFE_DAYS: i64 = 7;

/// How often the use of a session is noted, in minutes: a write on every page would double its price.
pub const SESSION_NOTED_MINUTES: i64 = 30;

/// Over which time sign-in links are counted, in minutes.
pub const SIGN_IN_WINDOW_MINUTES: i64 = 15;

/// Sign-in links that one address may ask for in that time.
pub const SIGN_INS_PER_ADDRESS: u32 = 5;

/// Sign-in links that one organization's people may be mailed in that time.
pub const SIGN_INS_PER_ORGANIZATION: u32 = 100;

/// People on one organization's roster.
pub const ROSTER_MAX: usize = 1000;

/// People whose address or right to sign in one change of the roster may touch: a transaction holds 100 writes.
pub const ROSTER_CHANGES_MAX: usize = 90;

/// Questions of one handoff form.
pub const QUESTIONS_MAX: usize = 60;

/// Options of one question.
pub const OPTIONS_MAX: usize = 50;

/// Templates of one organization, archived ones too: all of them are read with each submit.
pub const TEMPLATES_MAX: usize = 30;

/// One template as it is stored, in bytes: thirty of them fit into one item, however badly they compress.
pub const TEMPLATE_MAX_BYTES: usize = 12 * 1024;

/// Milestones of one template.
pub const MILESTONES_MAX: usize = 15;

/// Actions of one template, and actions that people add to one plan.
pub const ACTIONS_MAX: usize = 60;

/// Longest name of a template, a milestone or an action, in characters.
pub const PLAN_TITLE_MAX_CHARS: usize = 200;

/// Working days that an action may take.
pub const ACTION_DAYS_MAX: u16 = 365;

/// Contacts that one welcome mail goes to, each a mail of their own: one sender sends them within its timeout.
pub const WELCOME_RECIPIENTS_MAX: usize = 20;

/// How often one account's welcome mail may be sent, the first time included.
pub const WELCOME_SENDS_MAX: usize = 5;

/// Drafts of one account's welcome mail that may be asked of a model.
pub const WELCOME_DRAFTS_MAX: u32 = 5;

/// Longest welcome mail, in bytes.
pub const WELCOME_BODY_MAX_BYTES: usize = 20 * 1024;

/// Longest subject of a welcome mail, in characters: longer ones are cut by mail programs.
pub const WELCOME_SUBJECT_MAX_CHARS: usize = 150;
