//! Where an athlete stands among the team: everybody's mean value along a line, this athlete's marked.

use super::html::{escape, short, unit};
use super::trend::Axis;
use std::fmt::Write;

/// An athlete's mean over their clips.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Standing {
    pub athlete: String,
    pub mean: f64,
}

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 64.0;
const SIDE: f64 = 12.0;
const MIDDLE: f64 = 24.0;

/// The place of an athlete from the lowest, from 1, and of how many.
pub(super) fn place(all: &[Standing], athlete: &str) -> Option<(usize, usize)> {
    let own = all.iter().find(|s| s.athlete == athlete)?.mean;
    Some((1 + all.iter().filter(|s| s.mean < own).count(), all.len()))
}

/// The picture and its caption; none where the athlete has no value or is alone.
pub(super) fn picture(
    name: &str,
    symbol: &str,
    all: &[Standing],
    athlete: &str,
    target: Option<[f64; 2]>,
) -> Option<String> {
    let own = all.iter().find(|s| s.athlete == athlete)?;
    let (place, of) = place(all, athlete).filter(|(_, of)| *of > 1)?;
    let axis = Axis::with_target(all.iter().map(|s| s.mean), target)?;
    let x = |value: f64| SIDE + axis.place(value) * (WIDTH - 2.0 * SIDE);
    let words = format!("{name}: {}{}, place {place} of {of} from the lowest", short(own.mean), unit(symbol));
    let mut svg =
        format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", escape(&words));
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<line class=\"rule\" x1=\"{SIDE}\" x2=\"{}\" y1=\"{MIDDLE}\" y2=\"{MIDDLE}\"/>",
        WIDTH - SIDE
    );
    if let Some([low, high]) = target {
        let _ = write!(
            svg,
            "<rect class=\"band\" x=\"{:.1}\" y=\"{}\" width=\"{:.1}\" height=\"24\"/>",
            x(low),
            MIDDLE - 12.0,
            x(high) - x(low)
        );
    }
    for other in all.iter().filter(|s| s.athlete != athlete) {
        let _ = write!(
            svg,
            "<circle class=\"other\" cx=\"{:.1}\" cy=\"{MIDDLE}\" r=\"4\"><title>{}: {}</title></circle>",
            x(other.mean),
            escape(&other.athlete),
            short(other.mean)
        );
    }
    let _ = write!(svg, "<circle class=\"own\" cx=\"{:.1}\" cy=\"{MIDDLE}\" r=\"6\"/>", x(own.mean));
    for tick in axis.ticks() {
        let _ = write!(
            svg,
            "<text class=\"tick\" x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x(tick),
            HEIGHT - 8.0,
            short(tick)
        );
    }
    svg.push_str("</svg>");
    let _ = write!(svg, "<figcaption>Among the team: place {place} of {of} from the lowest</figcaption>");
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_counts_those_below() {
        let all: Vec<Standing> = [("Kim", 3.0), ("Åsa", 1.0), ("Li", 2.0), ("Bo", 2.0)]
            .map(|(athlete, mean)| Standing { athlete: athlete.to_owned(), mean })
            .to_vec();
        assert_eq!(place(&all, "Kim"), Some((4, 4)));
        assert_eq!(place(&all, "Bo"), Some((2, 4)));
        assert_eq!(place(&all, "Nobody"), None);
        assert!(
            picture("Cadence", "steps/min", &all, "Li", None).is_some_and(|p| p.contains("place 2 of 4"))
        );
        // From 0.84 to 3.16 over 396 px, written 8 % from either end.
        let drawn = picture("Cadence", "steps/min", &all, "Li", None).expect("four athletes");
        for (at, value) in [("43.7", "1.0"), ("376.3", "3.0")] {
            assert!(
                drawn.contains(&format!("x=\"{at}\"")) && drawn.contains(&format!(">{value}</text>")),
                "{drawn}"
            );
        }
        assert!(picture("Cadence", "steps/min", &all[..1], "Kim", None).is_none());
    }
}
