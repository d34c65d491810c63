//! What could not be judged, as it is told: by reason, with the side, and rules of one fault apart.

use super::bench::{at, good_view, judged, metric, rule};
use crate::findings::{Assessment, Open};
use crate::skeleton::Side;
use crate::technique::profile::Choices;

/// A sled push of which the knees at push-off were seen, the right one in `right` of its samples.
fn knees(right: f64) -> Assessment {
    let (profile, rule) = rule("sled-push", "knee_not_extending_heavy");
    let mut metrics = at(rule.first(), 20.0, 2.0, 10);
    for metric in metrics.iter_mut().filter(|m| m.side == Some(Side::Right)) {
        metric.measured_share = right;
    }
    judged(&profile, &Choices::new(), 10, &metrics, &good_view())
}

fn line<'a>(all: &'a [Open], fault: &str) -> Option<&'a Open<'a>> {
    all.iter().find(|open| open.faults.iter().any(|f| f.starts_with(fault) && f.contains("knee")))
}

#[test]
fn a_side_that_was_not_judged_is_told_beside_praise_for_the_other() {
    let whole = knees(1.0);
    assert_eq!(line(&whole.open(), "Push not finished"), None);
    let told = |all: &Assessment| {
        let good = all.good.iter().find(|g| g.rule == "knee_not_extending_heavy");
        good.map(crate::findings::Good::told)
    };
    assert_eq!(told(&whole).as_deref(), Some("20°"));
    let half = knees(0.5);
    assert_eq!(told(&half).as_deref(), Some("20°, the right side not judged"));
    let open = half.open();
    let knee = line(&open, "Push not finished").expect("the right side is open");
    assert!(knee.reason.starts_with("Right side not judged: ") && !knee.remedy.is_empty(), "{knee:?}");
}

#[test]
fn rules_of_one_fault_are_told_apart_where_they_fare_otherwise() {
    let (profile, flight) = rule("reverse-sled-push", "flight");
    let mut metrics = at(flight.first(), 0.6, 0.01, 10);
    for metric in &mut metrics {
        metric.measured_share = 0.5;
    }
    let all = judged(&profile, &Choices::new(), 10, &metrics, &good_view());
    let open = all.open();
    let named: Vec<&String> =
        open.iter().flat_map(|o| &o.faults).filter(|f| f.starts_with("Too fast to control")).collect();
    assert_eq!(named.len(), 2, "one was seen too little, the other not at all: {open:?}");
    assert!(named[0] != named[1] && named.iter().all(|f| f.ends_with(')')), "{named:?}");
}

#[test]
fn a_speed_from_an_assumed_leg_is_praised_with_an_if() {
    let (profile, _) = rule("sled-backpedal", "too_slow");
    let speed: Vec<(usize, f64)> = (0..10).map(|i| (i, 2.6 + 0.001 * i as f64)).collect();
    let metrics = [metric("speed_leg_per_s", None, &speed, 0.02)];
    let all = judged(&profile, &Choices::new(), 10, &metrics, &good_view());
    let good = all.good.iter().find(|g| g.rule == "too_slow").expect("fast enough");
    assert_eq!(good.told(), "2.2 m/s if the leg is 0.85 m long");
}
