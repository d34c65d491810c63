//! Rules on metrics with known values.

use super::*;
use crate::gait::stride::Gait;
use crate::metrics::{Scale, metrics};
use crate::synthetic::{Athlete, Exercise};
use crate::technique::posture::Posture;
use crate::technique::{builtin, names, profile::Choices, recognise};

fn measured(athlete: &Athlete) -> (Gait, Vec<Measured>) {
    let truth = athlete.truth();
    let movement = athlete.movement();
    let all = metrics(&movement, &truth.gait, Scale::default());
    (truth.gait, all.clip.iter().map(Measured::from).collect())
}

#[test]
fn dump() {
    let profiles: Vec<_> = names().filter_map(builtin).collect();
    assert_eq!(profiles.len(), 5);
    for (exercise, name) in Exercise::ALL.into_iter().zip(names()) {
        let athlete = Athlete::new(exercise).fps(60.0);
        let (gait, measured) = measured(&athlete);
        let movement = athlete.movement();
        let posture = Posture::measure(&movement, &gait, None).expect("posture");
        println!("== {name} {posture:?}\n{:?}", recognise(&posture, &profiles));
        let observed = Observed { strides: &gait.strides, metrics: &measured, movement: Some(&movement) };
        let profile = builtin(name).expect("profile");
        let result = assess(&profile, &Choices::new(), &observed, &Context::default());
        for f in &result.findings {
            println!(
                "{:?} {:?} {} {} {:?} u {:?} limit {:?} p {:?} {:?} {:?}",
                f.status,
                f.severity,
                f.rule,
                f.side.name(),
                f.value,
                f.uncertainty,
                f.limit,
                f.probability,
                f.strides,
                f.reason
            );
        }
        for g in &result.good {
            println!("GOOD {} {} {:.1}", g.words, g.metric, g.value);
        }
        for g in &result.information {
            println!("INFO {} {} {:.2}", g.rule, g.metric, g.value);
        }
    }
}
