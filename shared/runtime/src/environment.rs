//! The environment as a value: read once, every missing or bad variable named at once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// All variables that a program was started with. Printing it shows names only.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The process's own. Variables that are not Unicode are left out.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the process")]
    pub fn from_process() -> Self {
        let text = |os: std::ffi::OsString| os.into_string().ok();
        Self(std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect())
    }

    /// An environment of these pairs.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The value of one variable; an empty one counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// Sets or replaces one variable.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// A reader that collects complaints.
    pub fn reader(&self) -> Reader<'_> {
        Reader { environment: self, problems: RefCell::default() }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Reads variables, notes what is missing or bad, and says all of it at the end.
#[derive(Debug)]
pub struct Reader<'a> {
    environment: &'a Environment,
    problems: RefCell<Vec<String>>,
}

impl Reader<'_> {
    /// The variable's value, or an empty text and a complaint.
    pub fn required(&self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.complain(format!("{name} is missing"));
            String::new()
        })
    }

    /// The variable's value, if it has one.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.environment.get(name).map(|value| value.trim().to_owned())
    }

    /// The variable as a `T`, `None` when absent. A value that is no `T` is a complaint that says what was expected.
    pub fn parsed<T: FromStr>(&self, name: &str, expected: &str) -> Option<T> {
        let value = self.optional(name)?;
        let parsed = value.parse().ok();
        if parsed.is_none() {
            self.complain(format!("{name} is not {expected}"));
        }
        parsed
    }

    /// The same, where the variable must be there: absent is a complaint as well.
    pub fn required_as<T: FromStr>(&self, name: &str, expected: &str) -> Option<T> {
        if self.environment.get(name).is_none() {
            self.complain(format!("{name} is missing"));
        }
        self.parsed(name, expected)
    }

    /// Adds a complaint of the caller's own, in words that name the variable and not its value.
    pub fn complain(&self, problem: impl Into<String>) {
        self.problems.borrow_mut().push(problem.into());
    }

    /// What was made of the variables, or all complaints. `read` is `None` only where there is a complaint.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, ConfigError> {
        let problems = self.problems.into_inner();
        read.filter(|_| problems.is_empty()).ok_or(ConfigError { problems })
    }
}

/// Everything that is wrong with the environment, by variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment is not usable: {}", problems.join("; "))]
pub struct ConfigError {
    /// One sentence each, without values.
    pub problems: Vec<String>,
}

impl ConfigError {
    /// One complaint.
    pub fn new(problem: impl Into<String>) -> Self {
        Self { problems: vec![problem.into()] }
    }

    /// Both, or the complaints of both.
    pub fn join<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (one, other) => {
                let errors = [one.err(), other.err()].into_iter().flatten();
                Err(Self { problems: errors.flat_map(|error| error.problems).collect() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_named_at_once_and_no_value_is_shown() {
        let environment = Environment::from_pairs([("PORT", "s3cret"), ("EMPTY", " ")]);
        let reader = environment.reader();
        assert_eq!(reader.parsed::<u16>("PORT", "a port number"), None);
        assert_eq!(reader.required("EMPTY"), "");
        assert_eq!(reader.required("TABLE_NAME"), "");
        assert_eq!(reader.required_as::<u16>("LIMIT", "a number"), None);
        let one = reader.finish(Some(()));
        let other = Err::<(), _>(ConfigError::new("AWS_REGION is missing"));
        let error = ConfigError::join(one, other).unwrap_err();
        assert_eq!(
            error.problems,
            [
                "PORT is not a port number",
                "EMPTY is missing",
                "TABLE_NAME is missing",
                "LIMIT is missing",
                "AWS_REGION is missing"
            ]
        );
        assert!(!format!("{error} {environment:?}").contains("s3cret"));
    }
}
