//! The words of the help pages.

/// What one role should know.
pub(super) struct Guide {
    pub(super) slug: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) sections: &'static [Section],
}

/// One part of it.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    /// What, and how.
    pub(super) points: &'static [(&'static str, &'static str)],
}

pub(super) const CSM: Guide = Guide {
    slug: "csm",
    title: "For customer success managers",
    lead: "You start the kickoff knowing what Sales knew, so that the customer never has to say it twice.",
    sections: &[
        Section {
            title: "Before the kickoff",
            intro: "",
            points: &[
                ("Read all of it,", "the note to you first: it holds what no record does."),
                (
                    "Look at where an answer comes from.",
                    "Each one shows its source and the words quoted from it. An answer that the account executive wrote or edited is marked as theirs.",
                ),
                (
                    "See what is disputed.",
                    "Where two sources disagree, both stand there with how it was settled. What was left open is yours to ask.",
                ),
                (
                    "Know the promises.",
                    "What Sales promised stands in a list of its own, with who promised it and when.",
                ),
            ],
        },
        Section {
            title: "Confirm early what may have changed",
            intro: "Say it back to the customer rather than asking from nothing.",
            points: &[
                ("The go-live date,", "and what it hangs on."),
                ("Who decides now.", "People change jobs between the deal and the kickoff."),
                ("The technical environment:", "sign-on, data and the systems to connect."),
                ("The first goal,", "with the number that tells whether it is reached."),
            ],
        },
        Section {
            title: "The plan",
            intro: "It begins when the handoff is submitted, with the milestone that stands open.",
            points: &[
                (
                    "Press Done when something is done.",
                    "When all actions of a milestone are done or skipped, the next one begins and its last days are set. After the last one the customer is live.",
                ),
                (
                    "Not needed?",
                    "Skip it and say why. Something is missing? Add it. Every step can be taken back, and all of them stand in the timeline.",
                ),
                ("The wrong plan?", "Choose another one as long as nothing of it was begun."),
            ],
        },
        Section {
            title: "The first mail and the kickoff",
            intro: "On the account, under Welcome and kickoff.",
            points: &[
                (
                    "Make the welcome mail yours.",
                    "It is drafted from what the customer wants, their goals, their start and what they were promised; beside it stands where each line comes from. Risks, objections, people and the note to you are never used.",
                ),
                (
                    "Look at the preview, then send.",
                    "Each reader gets a mail of their own, and answers come to you. It goes once: another time needs a tick.",
                ),
                (
                    "Plan the kickoff",
                    "and send the invitation file from your own calendar. A booking link comes from the roster: an admin keeps it there.",
                ),
                (
                    "It did not arrive?",
                    "The mail’s page names the address. Ask for the right one, have it corrected in HubSpot, and send again.",
                ),
            ],
        },
        Section {
            title: "While you work",
            intro: "",
            points: &[
                (
                    "Write down what you learn",
                    "as a note on the account: whoever comes after you will need it.",
                ),
                (
                    "Say which questions helped.",
                    "Rate the handoff and its answers, and flag what was wrong. It is how the form and the drafts get better.",
                ),
                (
                    "You go on leave, or somebody else fits better?",
                    "Hand the account over: “Change” beside the CSM, with the reason. Where nobody has an account, any CSM can take it.",
                ),
                (
                    "Something essential is missing?",
                    "Return the handoff to the account executive with the reason. What was submitted before stays as it was.",
                ),
            ],
        },
    ],
};

pub(super) const ADMIN: Guide = Guide {
    slug: "admin",
    title: "For admins",
    lead: "You decide what is asked and of whom, see where handoffs are stuck, and mend them.",
    sections: &[
        Section {
            title: "Who looks after an account",
            intro: "",
            points: &[
                (
                    "The account executive chooses",
                    "when handing over. The settings of the organization say whether the best fit is proposed, or CSMs in turn.",
                ),
                (
                    "Change it on the account:",
                    "“Change” beside the CSM lists everybody with what they know, their room and when they are away. The new CSM gets the whole handoff by mail, the one before a word with your reason.",
                ),
                ("Skipped handoffs", "have no CSM until you assign one."),
            ],
        },
        Section {
            title: "HubSpot, Slack and tools of your own",
            intro: "Under Settings, Integrations. Nobody who hands over ever waits for them.",
            points: &[
                (
                    "Each handoff becomes one note on its deal,",
                    "kept up to date when the CSM changes. Never with the word to the CSM. The CSM as owner of the company, and properties of the deal, come with a tick.",
                ),
                (
                    "Slack",
                    "hears who takes over, which reminders went out and what somebody should look at: by an incoming webhook or a bot. Send a test first.",
                ),
                (
                    "Endpoints",
                    "get a signed message for each kind of event that you tick. The secret stands on the endpoint\u{2019}s page; after you replace it, both hold for a day.",
                ),
                (
                    "Something did not arrive?",
                    "Messages, Not arrived: why, when it is tried again, and a button to send it now. It is tried for three days by itself.",
                ),
            ],
        },
        Section {
            title: "A handoff that waits for its account executive",
            intro: "In this order, from the gentlest step:",
            points: &[
                (
                    "Check that the mail arrived.",
                    "If it came back, the handoff says so: correct the address in HubSpot, then send the link again.",
                ),
                (
                    "Remind.",
                    "A reminder repeats the link that is alive. Reminders also go out by themselves, on the days in the settings, when the working day begins. The account executive may choose another day.",
                ),
                (
                    "\u{201c}Not theirs\u{201d}",
                    "means that the account executive says so, and often whose it is: the account offers the colleague\u{2019}s address, and one button sends the link there.",
                ),
                (
                    "The digest",
                    "tells you by mail on a working day on which something new waits, and on Mondays as long as anything does.",
                ),
                (
                    "Send the link again.",
                    "The new link works, the old one stops. Nothing that was typed is lost.",
                ),
                (
                    "Talk to the account executive.",
                    "They may not know the deal, or may have left: choose a colleague.",
                ),
                (
                    "Skip it",
                    "when nobody can answer, with the reason. The account begins without a handoff, and the CSM is told.",
                ),
            ],
        },
        Section {
            title: "A deal that never became an account",
            intro: "HubSpot\u{2019}s won deals are looked through every five minutes, so that one whose webhook was lost is taken in all the same.",
            points: &[
                (
                    "Look at the foot of the board.",
                    "It says when HubSpot was looked through last, what was found, and what to do when HubSpot refuses.",
                ),
                (
                    "\u{201c}Messages are stuck\u{201d} at its head?",
                    "Work that failed eight times lies there, by what it is. Press Try again, as often as you like: nothing is made or mailed twice.",
                ),
                (
                    "Does it count?",
                    "Only deals of the pipelines and types in the settings do, and only those won since handoffs began here.",
                ),
                (
                    "Older deals",
                    "are yours to pick, under Accounts, Import: they are drafted, and nobody is mailed until you press Ask the AE on the account.",
                ),
            ],
        },
        Section {
            title: "What the numbers say",
            intro: "Under Analytics, by days, weeks and months, each beside the time before.",
            points: &[
                (
                    "Begin with the worst question.",
                    "Its drafts are rewritten most: sharpen its wording, or ask Sales for the note that would answer it.",
                ),
                (
                    "Lightly edited",
                    "means that less than 40 % of a draft was changed. Written from nothing means that there was no draft.",
                ),
                (
                    "Times are true within 12 %",
                    "and money is an estimate: the model\u{2019}s tokens at your prices, mails, and what a handoff uses of AWS.",
                ),
                (
                    "Every Monday by mail,",
                    "for each admin who asks for it at the foot of the page. Everything shown is in the file as well.",
                ),
            ],
        },
        Section {
            title: "An account with the wrong plan",
            intro: "",
            points: &[
                (
                    "Look at the rules of the templates.",
                    "Size, ARR and industry must all fit as the CRM holds them; what is not known there fits nothing. The account\u{2019}s page says what is known.",
                ),
                ("Choose another one on the account,", "as long as nothing of the plan was begun."),
                (
                    "Templates that you publish are for accounts to come.",
                    "Plans that exist stay as they are.",
                ),
            ],
        },
        Section {
            title: "A CSM who is not in the list",
            intro: "",
            points: &[
                (
                    "Look into the roster.",
                    "Is the person there, and with the role CSM? Somebody with only the role of an account executive cannot be assigned.",
                ),
                (
                    "A placeholder was chosen?",
                    "The handoff is marked, and stands on the board. Add the person to the roster with the role CSM, then assign them on the account: the whole handoff reaches them by mail.",
                ),
                (
                    "Away or full?",
                    "The person can still be chosen; the list says so and puts others first. Correct the dates or the capacity on the roster.",
                ),
            ],
        },
        Section {
            title: "Drafts that are wrong",
            intro: "",
            points: &[
                (
                    "See which sources were read.",
                    "The account lists them, with what could not be read and why. Drafts are only as good as the notes in HubSpot.",
                ),
                (
                    "Let the account executive ask for a new draft",
                    "and say what is missing: what they add counts as a source.",
                ),
                (
                    "Report it.",
                    "A flagged answer keeps its sources beside it, so that the cause can be found.",
                ),
                (
                    "Ask better.",
                    "A question that is often rewritten is worth a clearer wording: Settings, Handoff form.",
                ),
            ],
        },
        Section {
            title: "People and access",
            intro: "",
            points: &[
                (
                    "Signing in",
                    "needs an address on the roster with the role CSM or admin. There are no passwords to reset.",
                ),
                (
                    "Somebody left?",
                    "Take them off the roster: they are signed out with their next click. The roster and the board then name the accounts that they had; assign each to somebody else.",
                ),
                ("Who changed what", "stands under Settings, Changes."),
            ],
        },
    ],
};

pub(super) const AE: Guide = Guide {
    slug: "ae",
    title: "For account executives",
    lead: "Two minutes after the deal closes save the customer from saying everything twice. No sign-in: the link in your mail opens the handoff.",
    sections: &[
        Section {
            title: "Reviewing the drafts",
            intro: "",
            points: &[
                (
                    "Never skip a draft that looks good.",
                    "It was written from the deal's notes, mails and calls. You know whether it is true.",
                ),
                ("Look at the evidence", "of what matters most: one click shows the source and the words."),
                ("Settle what is disputed.", "Where two sources disagree, you choose which one holds."),
                ("A draft misses the point?", "Ask for a new one and say what it should know."),
            ],
        },
        Section {
            title: "What only you know",
            intro: "No record holds it, and the CSM needs it most:",
            points: &[
                ("Tone:", "who is enthusiastic, who is tired, how they like to be spoken to."),
                ("Politics:", "who decides, who was against it, who has to look good."),
                ("Risks:", "flag what could go wrong, also what is only a feeling."),
                ("Relationships:", "who knows whom, and what was promised over lunch."),
            ],
        },
        Section {
            title: "Choosing the CSM",
            intro: "",
            points: &[
                ("Choose by fit,", "not by free hours alone: industry, size and temper of the customer."),
                (
                    "The right one is not in the list?",
                    "Choose the placeholder and name them; an admin adds them.",
                ),
            ],
        },
        Section {
            title: "Links",
            intro: "",
            points: &[
                ("A link lives for 30 days", "at most, and what you type is saved as you type it."),
                ("It expired?", "Its page mails a fresh one to your own address."),
                ("Not now?", "At the end of the page you choose the day on which we ask again."),
                (
                    "Not yours?",
                    "Name the colleague there: your admin sends the link on, with all that you typed.",
                ),
            ],
        },
    ],
};
