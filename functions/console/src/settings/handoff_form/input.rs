//! The form being edited: it lives in the page's own fields until it is published.

use handoff_domain::id::QuestionId;
use handoff_domain::limits::{OPTIONS_MAX, QUESTIONS_MAX};
use handoff_domain::question::{Question, QuestionKind, QuestionSet};
use handoff_web::form::Form;
use std::collections::{BTreeMap, BTreeSet};

const WORDING_MAX_CHARS: usize = 300;
const HELP_MAX_CHARS: usize = 500;
const OPTION_MAX_CHARS: usize = 100;

/// By the name of the field; under the empty name what concerns the whole form.
pub(super) type Errors = BTreeMap<String, String>;

/// One step of editing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Keep,
    Add,
    Up(String),
    Down(String),
    Retire(String),
    Restore(String),
    Preview,
    Publish,
}

impl Step {
    /// As the buttons send it: `up:<id>`.
    pub(super) fn read(text: &str) -> Self {
        let (step, id) = text.split_once(':').unwrap_or((text, ""));
        let id = id.to_owned();
        match step {
            "add" => Self::Add,
            "up" => Self::Up(id),
            "down" => Self::Down(id),
            "retire" => Self::Retire(id),
            "restore" => Self::Restore(id),
            "preview" => Self::Preview,
            "publish" => Self::Publish,
            _ => Self::Keep,
        }
    }
}

/// One question as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) question: Question,
    /// Whether the next version leaves it out.
    pub(super) retired: bool,
}

/// The whole form as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    /// The version that the editing began with.
    pub(super) version: u32,
    /// In their order.
    pub(super) questions: Vec<Asked>,
}

impl Typed {
    /// What is published.
    pub(super) fn of(set: &QuestionSet) -> Self {
        let asked = |question: &Question| Asked { question: question.clone(), retired: false };
        Self { version: set.version, questions: set.questions.iter().map(asked).collect() }
    }

    /// What somebody typed. An id twice, and one that is none, is no field of our page.
    pub(super) fn read(form: &Form) -> Self {
        let mut seen = BTreeSet::new();
        let order = form.pairs().filter(|(name, _)| *name == "order").map(|(_, id)| id);
        let ids = order.filter_map(|id| QuestionId::parse(id).ok()).filter(|id| seen.insert(id.clone()));
        let version = form.last("version").and_then(|version| version.parse().ok()).unwrap_or_default();
        Self { version, questions: ids.take(2 * QUESTIONS_MAX).map(|id| asked(form, id)).collect() }
    }

    /// Carries out a step that concerns the order or the number of questions.
    pub(super) fn step(&mut self, step: &Step) {
        let place = |id: &str| self.questions.iter().position(|asked| asked.question.id.as_str() == id);
        match step {
            Step::Add => self.questions.push(Asked { question: empty(), retired: false }),
            Step::Up(id) => {
                if let Some(place @ 1..) = place(id) {
                    self.questions.swap(place - 1, place);
                }
            }
            Step::Down(id) => {
                if let Some(place) = place(id).filter(|place| place + 1 < self.questions.len()) {
                    self.questions.swap(place, place + 1);
                }
            }
            Step::Retire(id) | Step::Restore(id) => {
                if let Some(place) = place(id) {
                    self.questions[place].retired = matches!(step, Step::Retire(_));
                }
            }
            Step::Keep | Step::Preview | Step::Publish => {}
        }
    }

    /// The next version, or what is wrong with each field.
    pub(super) fn check(&self) -> Result<QuestionSet, Errors> {
        let mut errors = Errors::new();
        let kept: Vec<&Question> =
            self.questions.iter().filter(|asked| !asked.retired).map(|asked| &asked.question).collect();
        for question in &kept {
            check(question, &mut errors);
        }
        if kept.is_empty() {
            errors.insert(String::new(), "The form must ask at least one question.".to_owned());
        }
        if kept.len() > QUESTIONS_MAX {
            errors.insert(
                String::new(),
                "The form can ask 60 questions at most; two minutes are enough for ten.".to_owned(),
            );
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let questions = kept.into_iter().map(|question| Question {
            options: if question.kind == QuestionKind::MultiSelect {
                question.options.clone()
            } else {
                Vec::new()
            },
            ..question.clone()
        });
        Ok(QuestionSet { version: self.version + 1, questions: questions.collect() })
    }
}

fn asked(form: &Form, id: QuestionId) -> Asked {
    let text = |name: &str| form.last(&format!("{name}[{id}]")).unwrap_or_default().trim().to_owned();
    let question = Question {
        kind: kind(&text("kind")),
        wording: text("wording"),
        help: text("help"),
        placeholder: text("placeholder"),
        required: text("required") == "yes",
        options: text("options")
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        id: id.clone(),
    };
    Asked { question, retired: text("retired") == "yes" }
}

fn empty() -> Question {
    Question {
        id: QuestionId::from_random(rand::random()),
        kind: QuestionKind::Textarea,
        wording: String::new(),
        help: String::new(),
        placeholder: String::new(),
        required: false,
        options: Vec::new(),
    }
}

/// The types with the names that the form gives them, and what people call them.
pub(super) const KINDS: [(&str, &str, QuestionKind); 4] = [
    ("text", "Short answer", QuestionKind::Text),
    ("textarea", "Long answer", QuestionKind::Textarea),
    ("multi_select", "Several of given options", QuestionKind::MultiSelect),
    ("yes_no", "Yes or no", QuestionKind::YesNo),
];

fn kind(text: &str) -> QuestionKind {
    KINDS.iter().find(|(name, _, _)| *name == text).map_or(QuestionKind::Textarea, |(_, _, kind)| *kind)
}

fn check(question: &Question, errors: &mut Errors) {
    let id = &question.id;
    let mut wrong =
        |field: &str, remedy: &str| drop(errors.insert(format!("{field}[{id}]"), remedy.to_owned()));
    if !(1..=WORDING_MAX_CHARS).contains(&question.wording.chars().count()) {
        wrong("wording", "Write the question, in up to 300 characters.");
    }
    if question.help.chars().count() > HELP_MAX_CHARS {
        wrong("help", "Up to 500 characters.");
    }
    if question.placeholder.chars().count() > HELP_MAX_CHARS {
        wrong("placeholder", "Up to 500 characters.");
    }
    if question.kind == QuestionKind::MultiSelect {
        let different: BTreeSet<String> =
            question.options.iter().map(|option| option.to_lowercase()).collect();
        let fits = question.options.iter().all(|option| option.chars().count() <= OPTION_MAX_CHARS);
        if !(2..=OPTIONS_MAX).contains(&question.options.len())
            || different.len() < question.options.len()
            || !fits
        {
            wrong("options", "Write 2 to 50 different options, one on each line, each up to 100 characters.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first() -> Typed {
        Typed::of(&QuestionSet::first())
    }

    fn ids(typed: &Typed) -> Vec<&str> {
        typed.questions.iter().map(|asked| asked.question.id.as_str()).collect()
    }

    #[test]
    fn what_is_published_and_sent_back_is_the_same_as_the_next_version() {
        let next = first().check().unwrap();
        assert_eq!((next.version, next.questions), (2, QuestionSet::first().questions));
    }

    #[test]
    fn questions_move_one_place_and_stop_at_the_ends() {
        let mut typed = first();
        typed.step(&Step::read("up:top_goals"));
        assert_eq!(ids(&typed)[..2], ["top_goals", "primary_use_case"]);
        typed.step(&Step::read("up:top_goals"));
        typed.step(&Step::read("down:go_live"));
        typed.step(&Step::read("down:nobody"));
        assert_eq!((ids(&typed)[0], ids(&typed)[7]), ("top_goals", "go_live"));
    }

    #[test]
    fn a_retired_question_is_left_out_until_it_is_brought_back() {
        let mut typed = first();
        typed.step(&Step::read("retire:risks"));
        assert_eq!(typed.check().unwrap().questions.len(), 7);
        typed.step(&Step::read("restore:risks"));
        assert_eq!(typed.check().unwrap().questions.len(), 8);
        for asked in &mut typed.questions {
            asked.retired = true;
        }
        assert!(typed.check().unwrap_err().contains_key(""));
    }

    #[test]
    fn a_new_question_needs_words_and_a_choice_needs_options() {
        let mut typed = first();
        typed.step(&Step::Add);
        let id = typed.questions[8].question.id.clone();
        assert!(typed.check().unwrap_err().contains_key(&format!("wording[{id}]")));
        let body = format!(
            "version=1&order={id}&order={id}&order=%23&wording[{id}]=+Seats%3F+&kind[{id}]=multi_select&options[{id}]=1-10%0D%0A+11-50%0D%0A%0D%0A&required[{id}]=yes"
        );
        let read = Typed::read(&Form::parse(body.as_bytes()));
        let next = read.check().unwrap();
        assert_eq!(next.questions.len(), 1);
        let question = &next.questions[0];
        assert!(question.required && question.wording == "Seats?" && question.options == ["1-10", "11-50"]);
        let twice = Typed::read(&Form::parse(body.replace("11-50", "1-10").as_bytes()));
        assert!(twice.check().unwrap_err().contains_key(&format!("options[{id}]")));
    }
}
