//! Profiles: the five that come along, wrong files, inheritance, pages for the wall.

use super::recognition::Feature;
use super::rule::{Beyond, RuleKind, SourceClass, Statistic};
use super::{ProfileError, builtin, names, parse, profile::Choices, show::show, text};
use crate::findings::words;

const OWN: &str = r#"
extends = "sled-push"
name = "our-push"
title = "Our push"

[[rule]]
id = "trunk_too_upright_drive"
below = { mild = 40, moderate = 33, severe = 25 }

[[rule]]
id = "shin_at_landing_drive"
off = true
"#;

fn wrong(text: &str) -> ProfileError {
    parse(text, "own.toml").map(|p| p.name).expect_err("this profile is wrong")
}

/// The own profile with one more rule, its lines as given.
fn with_rule(lines: &str) -> String {
    format!("{OWN}\n[[rule]]\nid = \"mine\"\n{lines}\n")
}

const RULE: &str = r#"fault = "too_upright"
what = "trunk"
metric = "trunk_mean_deg"
below = { mild = 40, moderate = 33, severe = 25 }
needs = ["angles"]
show = "trunk"
source = "default"
cue = "Lower"
"#;

#[test]
fn the_built_in_profiles_parse_and_bear_their_names() {
    for name in names() {
        match parse(text(name).expect("it is built in"), name) {
            Ok(profile) => assert_eq!(profile.name, name),
            Err(error) => panic!("{error}"),
        }
    }
    assert!(!super::builtin::no_sled().is_empty());
    assert!(builtin("bench-press").is_none());
}

/// Who stands or leans as wrongly as the rules of an exercise can say is still taken for somebody who does it.
#[test]
fn the_pictures_of_an_exercise_hold_the_trunk_of_its_own_faults() {
    for profile in names().filter_map(builtin) {
        let conditions = || {
            let rules =
                profile.rules.iter().filter(|r| r.kind == RuleKind::Fault).map(super::rule::Rule::first);
            rules.filter(|c| c.metric == "trunk_mean_deg" && c.statistic == Statistic::Mean)
        };
        let severe = |beyond| {
            conditions().filter_map(|c| c.limits).filter(move |l| l.beyond == beyond).map(|l| l.at[2])
        };
        let trunk = || {
            let ranges = profile.pictures.iter().flat_map(|p| &p.features);
            ranges.filter(|(feature, _)| *feature == Feature::TrunkDeg).map(|(_, range)| range)
        };
        for limit in severe(Beyond::Below) {
            assert!(trunk().any(|r| r.from.is_none_or(|from| from <= limit)), "{} {limit}", profile.name);
        }
        for limit in severe(Beyond::Above) {
            assert!(trunk().any(|r| r.to.is_none_or(|to| to >= limit)), "{} {limit}", profile.name);
        }
    }
}

#[test]
fn each_variant_selects_rules_and_every_rule_can_be_reached() {
    for profile in names().filter_map(builtin) {
        for rule in &profile.rules {
            let choices: Choices = rule.only.iter().cloned().collect();
            let chosen = profile.choose(&choices).expect("the options are known");
            assert!(profile.rules_for(&chosen).any(|r| r.id == rule.id), "{} {}", profile.name, rule.id);
        }
        let defaults = profile.choose(&Choices::new()).expect("defaults fit");
        let count = profile.rules_for(&defaults).count();
        assert!(count >= 9, "{} has {count} rules", profile.name);
    }
}

#[test]
fn every_rule_says_where_its_numbers_come_from() {
    for profile in names().filter_map(builtin) {
        for rule in &profile.rules {
            let sourced = rule.source == SourceClass::Default || !rule.citation.is_empty();
            assert!(sourced, "{} {}", profile.name, rule.id);
            if rule.kind == RuleKind::Fault {
                assert!(rule.cue.is_some() && rule.why.is_some(), "{} {}", profile.name, rule.id);
                assert!(rule.conditions.iter().all(|c| c.limits.is_some()), "{} {}", profile.name, rule.id);
            }
        }
    }
}

#[test]
fn the_limits_of_the_tables_are_in_the_profiles() {
    let limit = |profile: &str, rule: &str| {
        let profile = builtin(profile).expect("it is built in");
        let rule = profile.rules.iter().find(|r| r.id == rule).expect("the rule is there").clone();
        rule.first().limits.expect("it has limits").at
    };
    for (profile, rule, at) in [
        ("sled-push", "trunk_too_upright_drive", [45.0, 38.0, 30.0]),
        ("sled-push", "trunk_too_upright_tall", [8.0, 4.0, 0.0]),
        ("sled-push", "knee_not_extending_heavy", [50.0, 60.0, 70.0]),
        ("sled-push", "short_steps_heavy", [0.30, 0.22, 0.15]),
        ("backward-sled-push", "over_reclined", [-32.0, -40.0, -50.0]),
        ("backward-sled-push", "no_drive", [15.0, 10.0, 6.0]),
        ("reverse-sled-push", "uncontrolled_pace", [1.2, 1.4, 1.63]),
        ("reverse-sled-push", "chest_dropped", [18.0, 27.0, 38.0]),
        ("sled-backpedal", "passive_arms", [30.0, 20.0, 12.0]),
        ("sled-backpedal", "legs_too_straight", [28.0, 20.0, 12.0]),
        ("sled-backpedal", "too_slow", [1.63, 1.3, 1.0]),
        ("backward-sled-drag", "leaning_back_straps", [-42.0, -50.0, -58.0]),
        ("backward-sled-drag", "knee_not_extending", [35.0, 45.0, 55.0]),
    ] {
        let same = limit(profile, rule).iter().zip(at).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(same, "{profile} {rule}");
    }
}

#[test]
fn an_own_profile_changes_what_it_says_and_inherits_the_rest() {
    let own = parse(OWN, "own.toml").expect("it is right");
    let base = builtin("sled-push").expect("it is built in");
    assert_eq!((own.name.as_str(), own.extends.as_deref()), ("our-push", Some("sled-push")));
    assert_eq!(own.rules.len(), base.rules.len() - 1);
    let rule = own.rules.iter().find(|r| r.id == "trunk_too_upright_drive").expect("it is inherited");
    assert!(
        (rule.first().limits.expect("it has limits").of(super::rule::Severity::Moderate) - 33.0).abs()
            < 1e-12
    );
    let before = base.rules.iter().find(|r| r.id == rule.id).expect("it is built in");
    assert_eq!((&rule.cue, rule.target, &rule.needs), (&before.cue, before.target, &before.needs));
    assert_eq!((own.direction, own.pictures.len()), (base.direction, base.pictures.len()));
}

#[test]
fn the_example_of_the_documentation_is_right() {
    let page = include_str!("../../docs/profiles.md");
    let example =
        page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let own = parse(example, "docs/profiles.md").expect("it is right");
    let base = builtin("sled-push").expect("it is built in");
    assert_eq!(own.rules.len(), base.rules.len() - 1);
    assert_eq!(
        own.rules.iter().find(|r| r.id == "trunk_too_upright_drive").and_then(|r| r.target?.from),
        Some(40.0)
    );
}

#[test]
fn a_limit_on_the_other_side_replaces_the_inherited_one() {
    let text = OWN.replace(
        "below = { mild = 40, moderate = 33, severe = 25 }",
        "above = { mild = 76, moderate = 80, severe = 85 }",
    );
    let own = parse(&text, "own.toml").expect("it is right");
    let rule = own.rules.iter().find(|r| r.id == "trunk_too_upright_drive").expect("it is inherited");
    assert_eq!(rule.first().limits.expect("it has limits").beyond, super::rule::Beyond::Above);
}

#[test]
fn a_new_rule_is_one_table_in_one_file() {
    let own = parse(&with_rule(RULE), "own.toml").expect("it is right");
    let rule = own.rules.last().expect("it has rules");
    assert_eq!((rule.id.as_str(), rule.fault.as_str()), ("mine", "too_upright"));
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_what_is_allowed() {
    let after = OWN.lines().count() + 2;
    // What is replaced in the rule, by what, on which of its lines, and words of the message.
    for (from, to, line, problem, allowed) in [
        ("\"too_upright\"", "\"too_uprigth\"", 2, "too_uprigth", "too_upright"),
        ("\"trunk_mean_deg\"", "\"trunk_meen_deg\"", 4, "trunk_meen_deg", "trunk_mean_deg"),
        ("mild = 40", "mild = \"much\"", 5, "much", "number"),
        ("mild = 40", "mild = 20", 5, "order", "mild >= moderate"),
        ("mild = 40, ", "", 5, "mild", ""),
        ("\"angles\"", "\"angels\"", 6, "angels", "angles"),
        ("show = \"trunk\"", "show = \"head\"", 7, "head", "initial_contact"),
        ("\"default\"", "\"sourced\"", 1, "citation", "citation"),
        ("cue = \"Lower\"", "kue = \"Lower\"", 9, "kue", "cue"),
        ("cue = \"Lower\"", "", 1, "cue", "cue"),
        ("below", "only = { mood = \"good\" }\nbelow", 5, "mood", "style"),
        ("below", "only = { style = \"good\" }\nbelow", 5, "good", "drive"),
        ("below", "threshold_above = 3\nbelow", 1, "threshold", "share"),
        ("below = { mild = 40, moderate = 33, severe = 25 }", "", 1, "limits", "above or below"),
        ("mild = 40", "mild = 400", 5, "400", "from -360 to 360"),
        (
            "below",
            "statistic = \"share\"\nthreshold_above = 3\nbelow = { mild = -1, moderate = -2, severe = -3 }\n#",
            7,
            "-1",
            "0 to 100",
        ),
        ("below", "target = { from = 3, to = 1 }\nbelow", 5, "range", "from below to"),
        ("below", "target = { from = 10, to = 45 }\nbelow", 1, "target of 10 (its own", "another target"),
    ] {
        let error = wrong(&with_rule(&RULE.replacen(from, to, 1)));
        assert_eq!(error.file, "own.toml");
        assert_eq!(error.line, after + line, "{error}");
        let message = error.to_string();
        assert!(message.contains(problem) && message.contains(allowed), "{message}");
    }
}

#[test]
fn files_that_are_no_profiles_are_refused() {
    assert!(wrong("").to_string().contains("name"));
    assert!(wrong("name = ").line == 1);
    let unknown = wrong("name = \"a\"\nextends = \"bench-press\"\n");
    assert_eq!(unknown.line, 2);
    assert!(unknown.to_string().contains("bench-press") && unknown.to_string().contains("sled-push"));
    let twice = wrong(&with_rule(&format!("{RULE}\n[[rule]]\nid = \"mine\"\n{RULE}")));
    assert!(twice.to_string().contains("taken"), "{twice}");
    let misspelt = wrong(&OWN.replace("trunk_too_upright_drive", "trunk_to_upright_drive"));
    assert_eq!(misspelt.line, 7);
    let message = misspelt.to_string();
    assert!(
        message.contains("no rule of sled-push") && message.contains("trunk_too_upright_drive"),
        "{message}"
    );
    assert!(wrong(&format!("{OWN}\ncolour = 1\n")).to_string().contains("colour"));
}

#[test]
fn choices_that_a_profile_does_not_know_are_refused() {
    let push = builtin("sled-push").expect("it is built in");
    let asked = |variant: &str, option: &str| -> Choices { [(variant.to_owned(), option.to_owned())].into() };
    assert_eq!(push.choose(&asked("style", "tall")).expect("it is known")["style"], "tall");
    let error = push.choose(&asked("style", "low")).expect_err("it is not known").to_string();
    assert!(error.contains("drive or tall"), "{error}");
    let error = push.choose(&asked("posture", "tall")).expect_err("it is not known").to_string();
    assert!(error.contains("posture"), "{error}");
    assert_eq!(super::Profile::load_option(30.0, 80.0), "heavy");
    assert_eq!(super::Profile::load_option(10.0, 80.0), "light");
}

#[test]
fn the_page_for_the_wall_has_every_cue_and_fits() {
    for profile in names().filter_map(builtin) {
        let page = show(&profile);
        let squeezed = page.split_whitespace().collect::<Vec<_>>().join(" ");
        for rule in profile.rules.iter().filter(|r| r.kind == RuleKind::Fault) {
            assert!(squeezed.contains(rule.cue.as_deref().expect("a fault has a cue")), "{}", rule.id);
            assert!(squeezed.contains(words::fault(&rule.fault)), "{}", rule.id);
        }
        assert!(page.lines().all(|l| l.chars().count() <= 80), "{}", profile.name);
    }
}
