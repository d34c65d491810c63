//! Everything the user is told about faults, refusals and the exercise, in one place. Cues stand in the profiles.

use super::finding::LoadKnown;
use super::quantity::Missing;
use crate::frame::Warning;
use crate::gait::stride::{Direction, Stride, Unfit};
use crate::metrics::value::NotMeasured;
use crate::skeleton::Side;
use crate::technique::title;

/// The catalogue of faults: id and name.
pub const FAULTS: [(&str, &str); 31] = [
    ("too_upright", "Too upright"),
    ("leaning_back", "Leaning back"),
    ("over_folded", "Folded too far forward"),
    ("chest_dropped", "Chest dropped"),
    ("rounded_back", "Rounded back"),
    ("hips_rising", "Hips rising"),
    ("too_low", "Sitting too low"),
    ("passive_arms", "Passive arms"),
    ("arms_at_chest", "Hands held at the chest"),
    ("arm_leg_out_of_phase", "Arms out of step with the legs"),
    ("arm_double_frequency", "Arms bounce twice per stride"),
    ("short_steps", "Short steps"),
    ("reaching_steps", "Reaching steps"),
    ("heel_first", "Landing on the heel"),
    ("knee_not_extending", "Push not finished"),
    ("no_drive", "No drive from the leg"),
    ("knee_collapse", "Knee gives way on landing"),
    ("knee_past_toe", "Knee past the toe"),
    ("asymmetry_leg", "Left and right differ"),
    ("grinding_velocity_decay", "Slowing to a grind"),
    ("too_slow", "Too slow"),
    ("uncontrolled_pace", "Too fast to control"),
    ("irregular_steps", "Uneven rhythm"),
    ("trunk_rocking", "Trunk rocks"),
    ("posture_drift", "Posture goes as the set goes on"),
    ("head_position", "Head position"),
    ("tether_slack", "Strap goes slack"),
    ("wrong_direction", "Other direction than the exercise"),
    ("wrong_variant", "Other variant than the exercise"),
    ("sled_tipping", "Sled tips"),
    ("other", "Other"),
];

/// The name of a fault; "Other" for one that is not in the catalogue.
#[must_use]
pub fn fault(id: &str) -> &'static str {
    FAULTS.iter().find(|(known, _)| *known == id).map_or("Other", |(_, name)| name)
}

/// The sentence that closes a judged page.
pub const LIMITS_NOTE: &str = "Limits marked \"sourced\" stand in a publication. \"Direction\" means that research gives the way and the number is ours. \"Default\" is a starting point: set your own in a profile.";

/// Why something was not judged, and how to film so that it can be. `value` is what tripped it.
pub(super) fn refusal(id: &str, value: f64) -> (String, String) {
    let (reason, remedy): (String, &str) = match id {
        "facing_unknown" => (
            "It is not clear which way the athlete faces.".into(),
            "Film exactly from the side, with the head and feet in the picture.",
        ),
        "wrong_direction" => (
            "The athlete travels the other way than this exercise does.".into(),
            "Say which exercise the clip shows, or leave it to be recognised.",
        ),
        "slow_motion" | "fast_motion" => other_speed(id),
        "camera_far_from_side" | "camera_oblique" => (
            format!(
                "The camera looks {value:.0} degrees from the side; lean, bend and swing would read too small."
            ),
            "Stand level with the middle of the track and film at a right angle to it.",
        ),
        "person_small" => (
            format!("The athlete is only {value:.0} pixels tall."),
            "Go closer or zoom in until the athlete fills half of the picture's height, 400 pixels or more.",
        ),
        "person_small_and_slow" => (
            format!("The athlete is only {value:.0} % as tall as the picture’s shorter side, at a low frame rate, so this goes no further than moderate."),
            "Go closer or zoom in, or film at 60 frames per second.",
        ),
        "roll_unknown" => (
            "It is not known whether the camera was level.".into(),
            "Put the phone on a tripod and film two metres or more of the way with the floor in view.",
        ),
        "roll_large" => (
            format!("The camera is tilted by {value:.0} degrees, or the floor slopes."),
            "Level the camera and film on flat ground.",
        ),
        "trunk_hidden" => (
            format!("Hips and shoulders are seen only {value:.0} % of the time."),
            "Film from the side where no post or plate covers the hips and shoulders.",
        ),
        "feet_hidden" => (
            format!("The feet are seen only {value:.0} % of the time."),
            "Film from the side where the sled does not cover the feet, low enough to see the floor.",
        ),
        "contacts_approximate" => (
            "The moments of landing and push-off are approximate, so this goes no further than mild.".into(),
            "Film so that the feet are seen.",
        ),
        "feet_out_of_picture" | "feet_cut_off" => (
            format!("The picture's edge cuts off a foot {value:.0} % of the time."),
            "Film with both feet and some floor under them in the picture.",
        ),
        "feet_blurred" => (
            "The feet are smeared by a slow shutter.".into(),
            "Film in bright light, or set the shutter to 1/500 s or faster.",
        ),
        "times_unreliable" => (
            format!("The frame times cannot be trusted at {value:.0} frames per second, or frames repeat."),
            "Send the original file from the phone, at 30 frames per second or more, not a copy from a chat.",
        ),
        "athlete_unclear" => (
            format!("Any of {value:.0} people could be the athlete."),
            "Say which of them it is.",
        ),
        "legs_unclear" => (
            format!(
                "The left and the right leg could not be told apart well: in {value:.0} % of the frames it is not sure which is which."
            ),
            "Film in good light and send the original file; legs of different colours help.",
        ),
        "leg_hidden" => (
            format!("One leg was seen badly for {value:.0} % of the time, so the legs cannot be compared."),
            "Film in good light with nothing between, so that the leg on the far side shows, and analyse with the best quality.",
        ),
        "frames_slow" => (
            format!("At {value:.0} frames per second the contacts of quick steps cannot be told apart."),
            "Film at 60 frames per second, better 120.",
        ),
        "camera_moves" => (
            "The camera moves and the background does not tell how.".into(),
            "Put the phone on a tripod, or pan across a background with marks on it.",
        ),
        "camera_turns" => (
            "The camera turns with the athlete, and the way is too short to tell what that does to the speed.".into(),
            "Put the phone on a tripod, far enough away to see the whole run without turning.",
        ),
        "in_place" => (
            "The athlete works in place, where the belt sets the speed.".into(),
            "Film over ground.",
        ),
        "one_side_only" => (
            "Only one side of the body is seen, so left and right cannot be compared.".into(),
            "Film a second clip from the other side.",
        ),
        "far_side_only" => (
            "Only the side away from the camera is seen, so this goes no further than moderate.".into(),
            "Film from the other side.",
        ),
        _ => (nothing_to_film_better(id).into(), ""),
    };
    (reason, remedy.to_owned())
}

/// Why something was not judged that no other way of filming would show.
fn nothing_to_film_better(id: &str) -> &'static str {
    match id {
        "hands_hold_on" => "The hands hold on, so the arms are not judged.",
        "arms_still" => "The arms hardly swing, so how often they swing says nothing.",
        "arms_hardly_swing" => {
            "The arms swing too little, or not once per stride, so their timing says nothing."
        }
        _ => "It cannot be judged in this clip.",
    }
}

/// Why there is nothing to judge, and what to do.
pub(super) fn no_strides(strides: &[Stride]) -> (String, String) {
    let reason = match commonest(strides) {
        None => "Nobody was seen stepping.".to_owned(),
        Some(unfit) => format!("No stride could be used: {}.", unfit_words(unfit)),
    };
    let remedy = match commonest(strides) {
        Some(Unfit::Overlap) => NOBODY_ELSE,
        _ => "Film the whole run from the side, at least five strides, with one athlete in the picture.",
    };
    (reason, remedy.to_owned())
}

/// Why a rule has no number.
pub(super) fn missing(missing: Missing, strides: &[Stride]) -> (&'static str, String, String) {
    match missing {
        Missing::NotMeasured(why) => {
            (why.name(), format!("Not measured: {why}."), not_measured_remedy(why).to_owned())
        }
        Missing::NoSuchMetric => {
            ("not_measured", "Nothing in this clip measures it.".to_owned(), String::new())
        }
        Missing::NothingToCompare => {
            ("not_measured", "There is nothing to compare it with.".to_owned(), String::new())
        }
        Missing::SeenTooLittle => (
            "seen_too_little",
            "The joints this needs were seen too little or too unsurely.".to_owned(),
            "Film with good light, tight clothes and nothing between camera and athlete.".to_owned(),
        ),
        Missing::TooFewStrides(least) => {
            let of = |side: Side| strides.iter().filter(|s| s.is_valid() && s.side == side).count();
            let (left, right) = (of(Side::Left), of(Side::Right));
            let commonest = commonest(strides);
            let cause = commonest.map(|u| format!(" Others were left out: {}.", unfit_words(u)));
            let enough = left.min(right) >= least;
            let fewer = if enough { ", but it could not be measured in all of them" } else { "" };
            let remedy = if commonest == Some(Unfit::Overlap) { NOBODY_ELSE } else { LONGER };
            (
                "few_strides",
                format!(
                    "It takes {least} good strides, where legs are judged apart {least} of a leg; the left leg has {left}, the right {right}{fewer}.{}",
                    cause.unwrap_or_default()
                ),
                remedy.to_owned(),
            )
        }
    }
}

/// Why the side away from the camera has no number.
pub(super) fn far_side_hidden() -> (String, String) {
    (
        "It is the one away from the camera, and the body hides too much of it.".to_owned(),
        "Film a second clip from the other side.".to_owned(),
    )
}

/// Ten strides have the eight steps from landing to landing that an even rhythm takes, and five of each leg.
const LONGER: &str = "Film a longer stretch: ten strides or more in one go, those of the left and of the right leg counted together.";

const NOBODY_ELSE: &str = "Film where nobody stands or walks before or behind the athlete.";

/// How to film so that a metric can be measured.
fn not_measured_remedy(why: NotMeasured) -> &'static str {
    match why {
        NotMeasured::FacingUnknown | NotMeasured::DirectionUnknown => {
            "Film exactly from the side, with the head and feet in the picture."
        }
        NotMeasured::FeetHidden | NotMeasured::ContactNotResolved | NotMeasured::FootUnclear => {
            "Film from the side where the feet are seen, low enough to see the floor."
        }
        NotMeasured::NotEnoughSeen => {
            "Film with good light, tight clothes and nothing between camera and athlete."
        }
        NotMeasured::NoScale => "Give the athlete's height.",
        NotMeasured::TooFewStrides => LONGER,
        NotMeasured::GroundMoves => "Put the phone on a tripod, or pan across a background with marks on it.",
        NotMeasured::BelowFrameRate => "Film at 60 frames per second, better 120.",
        NotMeasured::OneSideOnly => "Film a second clip from the other side.",
        NotMeasured::ArmStill | NotMeasured::NotPeriodic | NotMeasured::DoubleFrequency => "",
    }
}

/// The commonest reason why strides do not count.
fn commonest(strides: &[Stride]) -> Option<Unfit> {
    let mut reasons: Vec<Unfit> = strides.iter().filter_map(|s| s.unfit).collect();
    reasons.sort_unstable();
    let count = |unfit: Unfit| reasons.iter().filter(|r| **r == unfit).count();
    reasons.iter().copied().max_by_key(|unfit| count(*unfit))
}

/// Why a stride does not count, in words.
#[must_use]
pub fn unfit_words(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::OddDuration => "much shorter or longer than the other strides",
        Unfit::OddSteps => "one of its steps is much shorter than the other",
        Unfit::SmallAmplitude => "the legs moved much less than in the other strides",
        Unfit::NotSeen => "too much of it was not seen",
        Unfit::Turning => "the athlete was turning",
        Unfit::StartUp => "getting under way",
        Unfit::Stopping => "coming to a stop",
        Unfit::Overlap => "somebody else was in the way",
        Unfit::OtherWay => "going the other way than in the longest set",
        Unfit::Walking => "walking between sets",
        Unfit::OtherSpeed => "in a part of the clip that plays at another speed",
    }
}

pub(super) fn provisional(n: usize) -> String {
    format!("Provisional: only {n} good strides, so this goes no further than mild.")
}

fn other_speed(id: &str) -> (String, &'static str) {
    let (seems, remedy) = match id {
        "slow_motion" => ("be slow motion", "Say at how many frames a second it was filmed."),
        _ => ("play faster than it was filmed", "Use the original, or say the right rate of filming."),
    };
    (format!("The clip seems to {seems}, so that its times are not known."), remedy)
}

pub(super) fn near_limit(probability: f64) -> String {
    format!("Too close to the limit to call: {:.0} % likely beyond it.", 100.0 * probability)
}

pub(super) fn not_persistent(beyond: usize, judged: usize) -> String {
    format!("Beyond the limit on {beyond} of {judged} strides only.")
}

/// Behind a number in m/s that was made of leg lengths.
pub(super) const IF_LEG: &str = " if the leg is 0.85 m long";

pub(super) fn assumed_leg() -> String {
    "Speed assumes a leg of 0.85 m; the athlete's height would make it exact.".to_owned()
}

/// The limits for a heavy sled were taken, as it is not known how heavy it is for the athlete.
pub(super) fn load_by_default(known: LoadKnown) -> String {
    let (missing, remedy) = match known {
        LoadKnown::Nothing => ("The load is not known", "the weights of sled and athlete would tell"),
        LoadKnown::LoadAlone => {
            ("The load says nothing without the athlete's body mass", "give the body mass too")
        }
        LoadKnown::BodyMassAlone => ("The load on the sled is not known", "give its weight too"),
    };
    format!("{missing}, so the limits for a heavy sled were used; {remedy}.")
}

/// A rule held for an option nobody chose.
pub(super) fn by_default(variant: &str, option: &str) -> String {
    match (variant, option) {
        ("style", "drive") => {
            "Judged as the drive style, low as in a sprint start; if the tall style was meant, upright and leaning in from the ankles, say so.".to_owned()
        }
        ("attachment", _) => {
            "Harness or straps is not known, so the wider limits were used; say which it was.".to_owned()
        }
        _ => format!("Judged as {variant} {option}; if it was another, say so."),
    }
}

/// The exercise is not clear.
pub(crate) fn exercise_unsure(ranking: &[(String, f64)]) -> Warning {
    let likely: Vec<String> = told_of(ranking).map(with_share).collect();
    let message = if likely.is_empty() {
        "The clip does not show enough to tell which exercise it is.".to_owned()
    } else {
        format!("It is not clear which exercise this is: {}.", likely.join(" or "))
    };
    Warning::new("exercise_unsure", message, "Say which exercise it is.")
}

/// A guess less likely than this helps nobody.
const WORTH_TELLING: f64 = 0.10;

/// The two likeliest exercises, as far as they are worth telling.
pub(crate) fn told_of(ranking: &[(String, f64)]) -> impl Iterator<Item = &(String, f64)> {
    ranking.iter().take(2).take_while(|(_, p)| *p >= WORTH_TELLING)
}

/// "backward sled drag (57 %)".
fn with_share((name, p): &(String, f64)) -> String {
    format!("{} ({:.0} %)", title(name).to_lowercase(), 100.0 * p)
}

/// The exercise was recognised, and another is nearly as likely.
pub(crate) fn exercise_close(ranking: &[(String, f64)]) -> Warning {
    let [taken, other] = [0, 1].map(|place| ranking.get(place).map(with_share).unwrap_or_default());
    Warning::new(
        "exercise_close",
        format!("The clip was taken for {taken}; it could be {other}."),
        "If it is the second, say so.",
    )
}

/// No sled exercise was seen.
pub(crate) fn no_exercise(probability: f64) -> Warning {
    let message = format!("No sled exercise recognised ({:.0} % sure).", 100.0 * probability);
    Warning::new("no_exercise", message, "If it is one, say which.")
}

/// Told one exercise, seen going the other way.
pub(crate) fn wrong_direction(told: &str, seen: Direction) -> Warning {
    let message =
        format!("The athlete goes {}, and {} goes the other way.", seen.name(), told.to_lowercase());
    Warning::new(
        "wrong_direction",
        message,
        "Check which exercise was named; nothing is judged against the wrong one.",
    )
}

/// Told one exercise, looks like another.
pub(crate) fn looks_like(told: &str, other: &str) -> Warning {
    let message =
        format!("You said {}, but the clip looks like {}.", told.to_lowercase(), title(other).to_lowercase());
    Warning::new("looks_like_another", message, "It was judged as you said. If it is the other, say that.")
}

/// Told an exercise, looks like none.
pub(crate) fn looks_like_none(told: &str, probability: f64) -> Warning {
    let message = format!(
        "You said {}, but the clip looks like no sled exercise ({:.0} % sure).",
        told.to_lowercase(),
        100.0 * probability
    );
    Warning::new(
        "looks_like_none",
        message,
        "Check the clip and the exercise before you believe what was found.",
    )
}
