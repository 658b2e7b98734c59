//! Steps of editing that need no script: each is a button that sends the whole page.

use super::input::{Typed, TypedAction, TypedMilestone};

/// One step of editing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Keep,
    AddMilestone,
    AddAction(String),
    Milestone(Move, String),
    Action(Move, String),
    Preview,
    Publish,
}

/// What becomes of one milestone or action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Up,
    Down,
    Remove,
    Restore,
}

impl Step {
    /// As the buttons send it: `action-up:<id>`.
    pub(super) fn read(text: &str) -> Self {
        let (step, id) = text.split_once(':').unwrap_or((text, ""));
        let id = id.to_owned();
        match step {
            "add-milestone" => return Self::AddMilestone,
            "add-action" => return Self::AddAction(id),
            "preview" => return Self::Preview,
            "publish" => return Self::Publish,
            _ => {}
        }
        let Some((what, way)) = step.split_once('-') else { return Self::Keep };
        let way = match way {
            "up" => Move::Up,
            "down" => Move::Down,
            "remove" => Move::Remove,
            "restore" => Move::Restore,
            _ => return Self::Keep,
        };
        match what {
            "milestone" => Self::Milestone(way, id),
            "action" => Self::Action(way, id),
            _ => Self::Keep,
        }
    }

    /// Carries it out on what was typed.
    pub(super) fn carry_out(&self, typed: &mut Typed) {
        match self {
            Self::AddMilestone => typed.milestones.push(TypedMilestone::empty()),
            Self::AddAction(id) => {
                let place = typed.milestones.iter_mut().find(|one| one.id.as_str() == id);
                if let Some(milestone) = place {
                    milestone.actions.push(TypedAction::empty());
                }
            }
            Self::Milestone(way, id) => move_milestone(typed, *way, id),
            Self::Action(way, id) => move_action(typed, *way, id),
            Self::Keep | Self::Preview | Self::Publish => {}
        }
    }
}

fn move_milestone(typed: &mut Typed, way: Move, id: &str) {
    let Some(place) = typed.milestones.iter().position(|one| one.id.as_str() == id) else { return };
    match way {
        Move::Up if place > 0 => typed.milestones.swap(place - 1, place),
        Move::Down if place + 1 < typed.milestones.len() => typed.milestones.swap(place, place + 1),
        Move::Up | Move::Down => {}
        Move::Remove | Move::Restore => typed.milestones[place].removed = way == Move::Remove,
    }
}

/// At the end of its milestone an action goes on into the next one.
fn move_action(typed: &mut Typed, way: Move, id: &str) {
    let place = |one: &TypedMilestone| one.actions.iter().position(|action| action.id.as_str() == id);
    let found = typed.milestones.iter().enumerate().find_map(|(at, one)| Some((at, place(one)?)));
    let Some((milestone, place)) = found else { return };
    let milestones = &mut typed.milestones;
    let last = milestones[milestone].actions.len() - 1;
    match way {
        Move::Up if place > 0 => milestones[milestone].actions.swap(place - 1, place),
        Move::Down if place < last => milestones[milestone].actions.swap(place, place + 1),
        Move::Up if milestone > 0 => {
            let action = milestones[milestone].actions.remove(place);
            milestones[milestone - 1].actions.push(action);
        }
        Move::Down if milestone + 1 < milestones.len() => {
            let action = milestones[milestone].actions.remove(place);
            milestones[milestone + 1].actions.insert(0, action);
        }
        Move::Up | Move::Down => {}
        Move::Remove | Move::Restore => milestones[milestone].actions[place].removed = way == Move::Remove,
    }
}
