//! Fields of forms that several pages have: exercise with its variants, athlete, load.

use super::Role;
use crate::server::access::Who;
use crate::server::athletes::Athlete;
use crate::server::told::Told;
use crate::technique;
use maud::{Markup, html};

/// Exercise, and for each exercise with a choice its choice; `app.js` shows the one that fits.
#[must_use]
pub fn exercise(told: &Told, seen: Option<&str>) -> Markup {
    let profiles: Vec<_> = technique::names().filter_map(technique::builtin).collect();
    let chosen = |variant: &str| match variant {
        "style" => told.style.as_deref(),
        "posture" => told.posture.as_deref(),
        _ => told.attachment.as_deref(),
    };
    let recognise = seen.map_or_else(
        || "Recognise it".to_owned(),
        |name| format!("Recognise it ({})", super::exercise(name)),
    );
    html! {
        label { span { "Exercise" }
            select name="exercise" data-chooses="exercise" {
                option value="" { (recognise) }
                @for profile in &profiles {
                    option value=(profile.name) selected[told.exercise.as_deref() == Some(profile.name.as_str())] { (profile.title) }
                }
            }
        }
        @for profile in &profiles {
            @for variant in profile.variants.iter().filter(|v| v.name != "load") {
                label data-shown-for=(profile.name) hidden[told.exercise.as_deref() != Some(profile.name.as_str())] {
                    span { (capital(&variant.name)) }
                    select name=(variant.name) disabled[told.exercise.as_deref() != Some(profile.name.as_str())] {
                        option value="" { "Not said" }
                        @for (option, meaning) in variant.options.iter().filter(|(o, _)| *o != "unknown") {
                            option value=(option) selected[chosen(&variant.name) == Some(option.as_str())] { (capital(option)) ": " (meaning) }
                        }
                    }
                }
            }
        }
    }
}

/// A field for a number.
#[must_use]
pub fn number(name: &str, label: &str, value: Option<f64>) -> Markup {
    let value = value.map(|v| v.to_string()).unwrap_or_default();
    html! { label { span { (label) } input name=(name) inputmode="decimal" autocomplete="off" value=(value); } }
}

/// The athlete, by name, with those known to choose from.
#[must_use]
pub fn athlete(known: &[Athlete], value: &str) -> Markup {
    html! {
        label { span { "Athlete" } input name="athlete" list="athletes" maxlength="120" autocomplete="off" value=(value); }
        datalist id="athletes" { @for athlete in known { option value=(athlete.name) {} } }
    }
}

/// A note of some lines.
#[must_use]
pub fn note(label: &str, name: &str, value: &str) -> Markup {
    html! { label class="wide" { span { (label) } textarea name=(name) rows="2" maxlength="2000" { (value) } } }
}

/// Load, masses and height, which say how heavy the sled is for this athlete, and give lengths in metres.
#[must_use]
pub fn masses(told: &Told) -> Markup {
    html! {
        (number("load_kg", "Load (kg)", told.load_kg))
        (number("body_mass_kg", "Body mass (kg)", told.body_mass_kg))
        (number("height_m", "Height (m)", told.height_m))
    }
}

/// A button that does one thing at once.
#[must_use]
pub fn act(who: &Who, method: &str, address: &str, then: &str, label: &str) -> Markup {
    html! {
        @if who.role == Role::Coach {
            form class="act" data-api=(address) data-method=(method) data-then=(then) { button { (label) } }
        }
    }
}

/// A button that asks first.
#[must_use]
pub fn act_after_asking(who: &Who, address: &str, then: &str, label: &str, question: &str) -> Markup {
    html! {
        @if who.role == Role::Coach {
            form class="act" data-api=(address) data-method="DELETE" data-then=(then) data-ask=(question) {
                button class="danger" { (label) }
            }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}
