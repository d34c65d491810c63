//! One finding as a card: its picture, its number against the target, what the coach says, and the strides as buttons.

use super::ReportOptions;
use super::bar::{self, Bar};
use super::evidence::nearest_frame;
use super::text::{band, escape, measured, side, unit, with_spread};
use super::{base64, figure};
use crate::analysis::Athlete;
use crate::findings::{Finding, SideOfBody, Status, Unjudged};
use crate::frame::PixelSize;
use crate::geometry::Image;
use crate::kinematics::movement::Points;
use crate::skeleton::Side;
use crate::technique::rule::Severity;
use crate::units::Seconds;
use std::fmt::Write;

/// Stride buttons beside a finding; more would push the cue off the screen.
const STRIDES_SHOWN: usize = 12;

/// What a card needs to draw a finding.
pub(super) struct Drawing<'a> {
    pub athlete: &'a Athlete,
    pub points: Points<Image>,
    pub size: PixelSize,
    pub options: &'a ReportOptions,
}

/// The card of a finding; with its place where it is to be fixed first, and then with its picture.
pub(super) fn write(
    page: &mut String,
    drawing: &Drawing,
    index: usize,
    place: Option<usize>,
) -> std::fmt::Result {
    let finding = &drawing.athlete.judgement.assessment.findings[index];
    let severity = finding.severity.map_or("borderline", |s| s.name());
    write!(page, "<li class=\"card {severity}\">")?;
    if place.is_some() {
        picture(page, drawing, index)?;
    }
    let number = place.map_or_else(String::new, |p| format!("<span class=\"place\">{p}</span> "));
    write!(
        page,
        "<div class=\"words\"><h3>{number}{}{}{} <span class=\"grade {severity}\">{severity}</span></h3>",
        escape(finding.title()),
        escape(&side(finding.side)),
        escape(&by(drawing.athlete, finding))
    )?;
    if let Some(cue) = &finding.cue {
        write!(page, "<p class=\"cue\">“{}”</p>", escape(cue))?;
    }
    numbers(page, finding)?;
    for other in drawing.athlete.judgement.assessment.same_fault(index).filter(|_| place.is_some()) {
        write!(page, "<p class=\"note\">Also by {}</p>", measure(other))?;
    }
    if let Some(why) = finding.why.as_ref().filter(|_| place.is_some()) {
        write!(page, "<p class=\"why\">{}</p>", escape(why))?;
    }
    strides(page, drawing.athlete, finding)?;
    // The same remark on every card says nothing more.
    let earlier =
        drawing.athlete.judgement.assessment.findings[..index].iter().any(|f| f.reason == finding.reason);
    if let Some(reason) = finding.reason.as_ref().filter(|_| !earlier) {
        write!(page, "<p class=\"note\">{}</p>", escape(reason))?;
    }
    page.push_str("</div></li>");
    Ok(())
}

/// A fault in a line: its name, its measure, side, value and grade.
pub(super) fn in_short(finding: &Finding) -> String {
    format!("{}, {}", escape(finding.title()), measure(finding))
}

/// "step length 0.30 leg lengths ± 0.03 (mild)".
fn measure(finding: &Finding) -> String {
    let value = finding.value.map_or_else(String::new, |value| {
        let (number, spread) = with_spread(value, finding.uncertainty);
        let spread = spread.map_or_else(String::new, |u| format!(" ± {u}"));
        format!(" {number}{}{spread}", unit(&finding.unit))
    });
    let grade = finding.severity.map_or_else(String::new, |s| format!(" ({})", s.name()));
    escape(&format!("{}{}{value}{grade}", finding.what, side(finding.side)))
}

/// By which measure, where cards tell the same fault by several.
fn by(athlete: &Athlete, finding: &Finding) -> String {
    let assessment = &athlete.judgement.assessment;
    let told = assessment
        .findings
        .iter()
        .enumerate()
        .filter(|(place, f)| assessment.fix_first.contains(place) || f.status == Status::Borderline);
    let several = told.filter(|(_, f)| f.fault == finding.fault).count() > 1;
    if several { format!(": {}", finding.what) } else { String::new() }
}

fn picture(page: &mut String, drawing: &Drawing, index: usize) -> std::fmt::Result {
    let finding = &drawing.athlete.judgement.assessment.findings[index];
    let Some(evidence) = finding.evidence else { return Ok(()) };
    let given = drawing.options.pictures.iter().find(|p| p.finding == index);
    let shown = given.map(|p| {
        let data = base64::encode(&p.jpeg);
        let alt = escape(finding.title());
        format!("<img src=\"data:image/jpeg;base64,{data}\" alt=\"{alt}\">")
    });
    let shown = shown.or_else(|| {
        let frame = nearest_frame(drawing.athlete, evidence.at)?;
        figure::svg(drawing.athlete, &drawing.points, frame, drawing.size)
    });
    let Some(shown) = shown else { return Ok(()) };
    let (at, stride) = (evidence.at.0, evidence.stride + 1);
    let says = escape(&said(finding, evidence.stride));
    write!(
        page,
        "<button class=\"evidence\" data-seek=\"{at:.4}\" data-stride=\"{}\" data-says=\"{says}\" aria-label=\"{}: show stride {stride}, {at:.2} s\">{shown}<span class=\"at\">▶ stride {stride}, {at:.2} s</span></button>",
        evidence.stride,
        escape(finding.title()),
    )
}

fn numbers(page: &mut String, finding: &Finding) -> std::fmt::Result {
    let Some(value) = finding.value else { return Ok(()) };
    let (number, spread) = with_spread(value, finding.uncertainty);
    let spread = spread.map_or_else(String::new, |u| format!(" ± {u}"));
    write!(
        page,
        "<p class=\"number\"><b>{number}</b>{spread}{} <span>{}</span></p>",
        escape(&unit(&finding.unit)),
        escape(&what(finding))
    )?;
    if let Some(sides) = &finding.sides {
        let [left, right] = sides.told().map(|words| escape(&words));
        write!(
            page,
            "<p class=\"sides\"><span><i class=\"left\"></i>{left}</span><span><i class=\"right\"></i>{right}</span></p>"
        )?;
    }
    if let Some(Unjudged { side, .. }) = &finding.unjudged {
        write!(page, "<p class=\"sides\"><span><i class=\"{side}\"></i>{side} side not judged</span></p>")?;
    }
    let target = finding.target.filter(|t| t.from.is_some() || t.to.is_some());
    if let Some(target) = target {
        let bar = Bar {
            value,
            uncertainty: finding.uncertainty,
            target,
            limit: finding.limit,
            unit: &finding.unit,
        };
        page.push_str(&bar::html(&bar));
    }
    let target = target.map(|t| format!("target {}", band(t, &finding.unit)));
    let limit = limit_words(finding).map(|words| format!("<span class=\"limit\">{}</span>", escape(&words)));
    let told: Vec<String> = target.map(|t| escape(&t)).into_iter().chain(limit).collect();
    if told.is_empty() { Ok(()) } else { write!(page, "<p class=\"target\">{}</p>", told.join(" · ")) }
}

/// What the number is, and of which side where both were judged.
fn what(finding: &Finding) -> String {
    let farther = finding.sides.as_ref().and_then(|sides| sides.farther);
    farther.map_or_else(|| finding.what.clone(), |side| format!("{}, {side}", finding.what))
}

/// From where on the grade holds, "severe above 30°"; of what is borderline the mildest.
fn limit_words(finding: &Finding) -> Option<String> {
    let limit = finding.limit?;
    let grade = finding.severity.map_or("mild", Severity::name);
    let beyond = finding.beyond?.name();
    Some(format!("{grade} {beyond} {}", measured(limit, &finding.unit)))
}

/// What a stride measured, "hip flexion at push-off 59°"; of findings that are no mean over strides nothing.
fn said(finding: &Finding, stride: usize) -> String {
    finding
        .value_of_stride(stride)
        .map_or_else(String::new, |v| format!("{} {}", finding.what, measured(v, &finding.unit)))
}

/// The strides beyond the limit, as buttons that go there.
fn strides(page: &mut String, athlete: &Athlete, finding: &Finding) -> std::fmt::Result {
    if finding.strides.is_empty() {
        return Ok(());
    }
    let all = finding.strides.len() == finding.judged_strides;
    // What is made of all strides together is no stride's own.
    let grade = finding.severity.filter(|_| finding.statistic.counts_strides());
    let grade = grade.map_or(String::new(), |s| format!("{} ", s.name()));
    // An arm's fault counts the strides of both feet.
    let is_of = |side: Side| {
        finding.strides.iter().all(|&i| athlete.gait.strides.get(i).is_some_and(|s| s.side == side))
    };
    let lead = match finding.side {
        _ if !finding.statistic.counts_strides() => "over strides".to_owned(),
        SideOfBody::One(side) if all && is_of(side) => {
            format!("{grade}on all {} {side} strides", finding.judged_strides)
        }
        _ if all => format!("{grade}on all {} strides", finding.judged_strides),
        _ => format!("{grade}on strides"),
    };
    let all = || finding.strides.iter().copied().zip(finding.moments.iter().copied());
    let mut shown: Vec<(usize, Seconds)> = all().take(STRIDES_SHOWN).collect();
    // The worst one is always there.
    if let Some(worst) = all().skip(STRIDES_SHOWN).find(|(index, _)| finding.worst_stride() == Some(*index)) {
        shown.pop();
        shown.push(worst);
    }
    write!(page, "<p class=\"strides\"><span>{lead}</span>")?;
    for &(index, at) in &shown {
        let Some(stride) = athlete.gait.strides.get(index) else { continue };
        let worst = if finding.worst_stride() == Some(index) { " worst" } else { "" };
        write!(
            page,
            " <button class=\"chip{worst}\" data-seek=\"{:.4}\" data-stride=\"{index}\" data-says=\"{}\" aria-label=\"stride {}, {}{}\">{}</button>",
            at.0,
            escape(&said(finding, index)),
            index + 1,
            stride.side,
            if worst.is_empty() { "" } else { ", the worst" },
            index + 1
        )?;
    }
    if finding.strides.len() > shown.len() {
        write!(page, " <span>and {} more</span>", finding.strides.len() - shown.len())?;
    }
    page.push_str("</p>");
    Ok(())
}
