//! The house rules that a compiler does not know: arrows between modules go down, every file says what it is for.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules by level; a module may use modules of lower levels, and within levels 0 to 2 of its own.
const LEVELS: [&[&str]; 9] = [
    &["units", "geometry", "skeleton", "digest", "calendar"],
    &["frame", "observation"],
    &[
        "tracking",
        "camera",
        "signal",
        "kinematics",
        "gait",
        "metrics",
        "technique",
        "findings",
        "analysis",
        "evaluation",
        "comparison",
        "synthetic",
    ],
    &["video", "inference", "render", "export", "import", "report", "store", "models"],
    &["settings", "pipeline", "results"],
    &["clip"],
    &["job"],
    &["batch", "server"],
    &["cli"],
];

/// From this level on, modules of one level do not know each other.
const APART_FROM: usize = 3;

/// Files longer than this hold two ideas.
const LONGEST_FILE: usize = 400;

/// Words that belong to one module alone.
const KEPT_IN: [(&str, &str); 10] = [
    ("axum::", "server"),
    ("rusqlite::", "server"),
    ("opencv::", "video"),
    ("ort::", "inference"),
    ("parquet::", "export"),
    ("arrow_array::", "export"),
    ("clap::", "cli"),
    ("println!", "cli"),
    ("Instant::now", "cli"),
    ("process::exit", "cli"),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(source()).expect("files lie in src");
    let first = inside.components().next().expect("a path has a first part");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn level_of(module: &str) -> Option<usize> {
    LEVELS.iter().position(|l| l.contains(&module))
}

fn each_file(mut check: impl FnMut(&str, &str, &str) -> Vec<String>) {
    let mut faults = Vec::new();
    for file in files(&source()) {
        let text = fs::read_to_string(&file).expect("source is UTF-8");
        // Tests may print, measure and unwrap; they must still say what they are for.
        let text = if is_for_tests(&file) { prose_and_length(&text) } else { text };
        let name = file.strip_prefix(source()).expect("files lie in src").display().to_string();
        faults.extend(check(&module_of(&file), &name, &text));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// As many lines as the text has, with its opening comment alone.
fn prose_and_length(text: &str) -> String {
    text.lines().map(|l| if l.starts_with("//!") { l } else { "" }).collect::<Vec<_>>().join("\n")
}

/// Whether a file is compiled for tests alone: its parent declares it so.
fn is_for_tests(file: &Path) -> bool {
    let (Some(folder), Some(name)) = (file.parent(), file.file_stem()) else { return false };
    let declared = format!("#[cfg(test)]\nmod {};", name.to_string_lossy());
    [folder.with_extension("rs"), folder.join("mod.rs"), folder.join("lib.rs")]
        .iter()
        .any(|parent| fs::read_to_string(parent).is_ok_and(|text| text.contains(&declared)))
}

/// The part of a file before its unit tests.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text)
}

/// Top-level modules that a file names: `crate::module`, also in groups.
fn used(text: &str) -> Vec<String> {
    let ends = |c: char| !c.is_alphanumeric() && c != '_';
    let mut found: Vec<String> = text
        .split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or("").split(',').collect::<Vec<_>>(),
            None => vec![rest],
        })
        .filter_map(|part| part.trim().split(ends).next().map(str::to_owned))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_module_has_a_level() {
    each_file(|module, name, _| {
        let known = ["lib", "main"].contains(&module) || level_of(module).is_some();
        if known { Vec::new() } else { vec![format!("{name}: module {module} stands on no level")] }
    });
}

#[test]
fn arrows_go_down() {
    each_file(|module, name, text| {
        let Some(level) = level_of(module) else { return Vec::new() };
        used(without_tests(text))
            .into_iter()
            .filter(|other| other != module)
            .filter_map(|other| Some((level_of(&other)?, other)))
            .filter(|(other_level, _)| *other_level > level || (*other_level == level && level >= APART_FROM))
            .map(|(other_level, other)| format!("{name} (level {level}) uses {other} (level {other_level})"))
            .collect()
    });
}

#[test]
fn libraries_and_side_effects_stay_in_their_module() {
    each_file(|module, name, text| {
        let code: String = without_tests(text)
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        KEPT_IN
            .iter()
            .filter(|(word, home)| {
                let word_at = |i: usize| !code[..i].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                module != *home && code.match_indices(word).any(|(i, _)| word_at(i))
            })
            .map(|(word, home)| format!("{name}: {word} belongs to {home}"))
            .collect()
    });
}

#[test]
fn every_file_says_what_it_is_for_and_holds_one_idea() {
    each_file(|_, name, text| {
        let mut faults = Vec::new();
        if !text.starts_with("//!") {
            faults.push(format!("{name} does not open with //!"));
        }
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            faults.push(format!("{name} has {lines} lines, more than {LONGEST_FILE}"));
        }
        faults
    });
}

#[test]
fn nothing_below_the_command_line_unwraps_what_a_user_can_cause() {
    each_file(|module, name, text| {
        if module == "main" {
            return Vec::new();
        }
        let code = without_tests(text);
        code.lines()
            .enumerate()
            .filter(|(_, line)| {
                line.contains(".unwrap()")
                    && !["//", "const ", "pub const "].iter().any(|s| line.trim_start().starts_with(s))
            })
            .map(|(i, line)| format!("{name}:{}: {}", i + 1, line.trim()))
            .collect()
    });
}

/// Where words end up on pages, which athletes read and the web app shows: options belong to the terminal, which adds them.
const SAYS_NO_OPTIONS: [&str; 7] =
    ["analysis", "comparison", "findings", "kinematics", "metrics", "report", "technique"];

#[test]
fn words_for_pages_name_no_options() {
    each_file(|module, name, text| {
        let is_option = |line: &str| {
            line.match_indices("--").any(|(i, _)| {
                let before =
                    !line[..i].ends_with(|c: char| c == '-' || c == '(' && line[..i].ends_with("var("));
                before && line[i + 2..].starts_with(|c: char| c.is_ascii_lowercase() || c == '{')
            })
        };
        let code = without_tests(text).lines().enumerate();
        code.filter(|(_, line)| {
            let line = line.trim_start();
            SAYS_NO_OPTIONS.contains(&module) && !line.starts_with("//") && is_option(line)
        })
        .map(|(i, line)| format!("{name}:{}: {}", i + 1, line.trim()))
        .collect()
    });
}

/// `sledform metrics --markdown` writes it.
#[test]
fn the_data_dictionary_is_that_of_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md");
    let page = fs::read_to_string(path).expect("the page is there");
    let catalogue = sledform::metrics::catalogue::markdown();
    let (page, catalogue): (Vec<&str>, Vec<&str>) = (page.lines().collect(), catalogue.lines().collect());
    for line in &catalogue {
        assert!(page.contains(line), "`./run metrics --markdown > docs/metrics.md` adds: {line}");
    }
    assert_eq!(page, catalogue, "`./run metrics --markdown > docs/metrics.md` writes it anew");
}
