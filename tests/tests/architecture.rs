//! The house's rules, checked against `cargo metadata` and the files: who may import whom, what no tree may contain,
//! how large a file may grow, and that the documents name what is there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test program: its helpers stand outside of the tests themselves"
)]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use handoff_tests::repository::{files, folders, root, without_tests};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Most lines of a file, its tests not counted.
const FILE_LINES_MAX: usize = 400;
/// Most lines of a function's `main.rs`.
const MAIN_LINES_MAX: usize = 30;

/// Heavy furniture, and the rooms that it may stand in. `*` at the end stands for any ending.
const FURNITURE: [(&str, &[&str]); 12] = [
    ("aws-sdk-dynamodb", &["handoff-store", "handoff-testing", "handoff-local"]),
    ("aws-sdk-sqs", &["handoff-queue"]),
    ("aws-sdk-ses", &["handoff-mail"]),
    ("aws-sdk-bedrockruntime", &["handoff-drafting"]),
    ("aws-config", &[]),
    ("reqwest", &["handoff-hubspot", "handoff-research", "handoff-local", "handoff-tests"]),
    ("dynoxide-rs", &["handoff-testing", "handoff-local"]),
    ("rusqlite", &["handoff-testing", "handoff-local"]),
    ("flate2", &["handoff-store", "handoff-research"]),
    ("bm25", &["handoff-drafting"]),
    ("lambda_http", &["functions"]),
    ("lambda_runtime", &["functions"]),
];

/// What the domain may not name: SDKs, HTTP, runtimes, logs.
const NOT_IN_THE_DOMAIN: [&str; 14] = [
    "aws", "lambda", "axum", "hyper", "http", "reqwest", "tokio", "tower", "tracing", "rustls", "rusqlite",
    "dynoxide", "maud", "rand",
];

/// What no deployed tree may contain, and below which version it is meant; an empty version means any.
const NOT_DEPLOYED: [(&str, &str); 7] = [
    ("aws-lc-sys", ""),
    ("aws-lc-rs", ""),
    ("openssl-sys", ""),
    ("native-tls", ""),
    ("aws-config", ""),
    ("hyper", "0.14."),
    ("rustls", "0.21."),
];

static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    // Of this platform only: other platforms' crates need not be on the disk.
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(vec!["--filter-platform".to_owned(), host(), "--offline".to_owned()])
        .exec()
        .expect("cargo metadata answers")
});

fn host() -> String {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let told =
        std::process::Command::new(cargo).args(["--version", "--verbose"]).output().expect("cargo runs");
    let told = String::from_utf8(told.stdout).expect("cargo writes text");
    told.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo tells its host").to_owned()
}

/// Which kind of room a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Domain,
    Shared,
    Views,
    Testing,
    Function,
    Command,
    Local,
    Tests,
}

fn room(package: &Package) -> Room {
    let folder = package.manifest_path.strip_prefix(root().to_str().unwrap()).unwrap().parent().unwrap();
    match folder.as_str() {
        "shared/domain" => Room::Domain,
        "shared/testing" => Room::Testing,
        "shared/signed-in" | "shared/views" => Room::Views,
        "infra/local" => Room::Local,
        "infra/account" | "infra/data" | "infra/migrate" | "infra/organization" | "infra/recount" => {
            Room::Command
        }
        "tests" | "tests/evaluation" => Room::Tests,
        folder if folder.starts_with("shared/") => Room::Shared,
        folder if folder.starts_with("functions/") => Room::Function,
        folder => panic!("{folder} is no room of the house: see CONTRIBUTING.md"),
    }
}

/// Whether a crate in the room `from` may import one in the room `other`.
fn may_import(from: Room, other: Room, kind: DependencyKind) -> bool {
    let is_for_tests = kind == DependencyKind::Development;
    match from {
        Room::Domain => false,
        Room::Shared => {
            other == Room::Domain || is_for_tests && matches!(other, Room::Shared | Room::Testing)
        }
        Room::Views => matches!(other, Room::Domain | Room::Shared) || is_for_tests && other == Room::Testing,
        Room::Function | Room::Command => {
            matches!(other, Room::Domain | Room::Shared | Room::Views)
                || is_for_tests && other == Room::Testing
        }
        Room::Testing => matches!(other, Room::Domain | Room::Shared),
        Room::Local => matches!(other, Room::Domain | Room::Shared | Room::Testing | Room::Function),
        Room::Tests => true,
    }
}

fn report(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}

#[test]
fn rooms_import_only_the_rooms_below_them() {
    let members = METADATA.workspace_packages();
    let mut faults = Vec::new();
    for package in &members {
        for dependency in &package.dependencies {
            let Some(imported) = members.iter().find(|other| *other.name == dependency.name) else {
                continue;
            };
            if !may_import(room(package), room(imported), dependency.kind) {
                faults.push(format!("{} may not import {}", package.name, imported.name));
            }
        }
    }
    report(
        "imports against the order domain <- shared <- shared/views, shared/signed-in <- functions <- infra/local <- tests",
        &faults,
    );
}

#[test]
fn the_domain_names_no_sdk_no_http_and_no_runtime() {
    let domain =
        METADATA.workspace_packages().into_iter().find(|package| room(package) == Room::Domain).unwrap();
    let faults: Vec<String> = domain
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == DependencyKind::Normal)
        .filter(|dependency| NOT_IN_THE_DOMAIN.iter().any(|prefix| dependency.name.starts_with(prefix)))
        .map(|dependency| dependency.name.clone())
        .collect();
    report("shared/domain depends on", &faults);
}

#[test]
fn what_a_function_logs_is_written() {
    let ours = handoff_runtime::logs::OURS;
    let functions =
        METADATA.workspace_packages().into_iter().filter(|package| room(package) == Room::Function);
    let faults: Vec<String> = functions
        .map(|package| package.name.replace('-', "_"))
        .filter(|name| !ours.iter().any(|own| name.starts_with(own)))
        .collect();
    report("whose logs are dropped: shared/runtime/src/logs.rs", &faults);
}

#[test]
fn heavy_furniture_stands_in_its_own_room() {
    let mut faults = Vec::new();
    for package in METADATA.workspace_packages() {
        for dependency in package.dependencies.iter().filter(|one| one.kind == DependencyKind::Normal) {
            let Some((_, rooms)) = FURNITURE.iter().find(|(name, _)| *name == dependency.name) else {
                continue;
            };
            let is_function = room(package) == Room::Function && rooms.contains(&"functions");
            if !is_function && !rooms.contains(&package.name.as_str()) {
                faults.push(format!("{} depends on {}; allowed: {rooms:?}", package.name, dependency.name));
            }
        }
    }
    report("heavy dependencies outside of their room", &faults);
}

#[test]
fn functions_name_no_aws_sdk() {
    let mut faults = Vec::new();
    for function in folders("functions").unwrap() {
        for file in files(&root().join("functions").join(&function), ".rs").unwrap() {
            if fs::read_to_string(&file).unwrap().contains("aws_sdk_") {
                faults.push(file.display().to_string());
            }
        }
    }
    report("an adapter hides its client: these files name an SDK", &faults);
}

#[test]
fn deployed_trees_hold_one_lean_tls_and_http_stack() {
    let resolve = METADATA.resolve.as_ref().unwrap();
    let nodes: HashMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let packages: HashMap<&PackageId, &Package> =
        METADATA.packages.iter().map(|one| (&one.id, one)).collect();
    let mut faults = Vec::new();
    for function in METADATA.workspace_packages().into_iter().filter(|one| room(one) == Room::Function) {
        let mut tree = HashSet::new();
        let mut open = vec![&function.id];
        while let Some(id) = open.pop() {
            if !tree.insert(id) {
                continue;
            }
            let is_shipped = |kinds: &[cargo_metadata::DepKindInfo]| {
                kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
            };
            open.extend(nodes[id].deps.iter().filter(|dep| is_shipped(&dep.dep_kinds)).map(|dep| &dep.pkg));
        }
        for package in tree.into_iter().map(|id| packages[id]) {
            let version = package.version.to_string();
            if NOT_DEPLOYED.iter().any(|(name, line)| *package.name == *name && version.starts_with(line)) {
                faults.push(format!("{} brings {} {version}", function.name, package.name));
            }
        }
    }
    report("crates that cost cold starts or have advisories (docs/adr/0002)", &faults);
}

#[test]
fn every_member_takes_lints_versions_and_edition_from_the_workspace() {
    let mut faults = Vec::new();
    for package in METADATA.workspace_packages() {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        for wanted in ["[lints]\nworkspace = true", "version.workspace = true", "edition.workspace = true"] {
            if !manifest.contains(wanted) {
                faults.push(format!("{} lacks `{wanted}`", package.manifest_path));
            }
        }
        let mut in_dependencies = false;
        for line in manifest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]");
            } else if in_dependencies && line.contains('=') && !line.contains("workspace = true") {
                faults.push(format!("{}: `{line}` states a version of its own", package.manifest_path));
            }
        }
    }
    report("manifests", &faults);
}

#[test]
fn no_file_outgrows_a_reader() {
    let mut faults = Vec::new();
    for file in files(&root(), ".rs").unwrap() {
        let path = file.strip_prefix(root()).unwrap().to_path_buf();
        let is_test = path.file_name().is_some_and(|name| name == "tests.rs")
            || path.parent().into_iter().flat_map(Path::components).any(|part| part.as_os_str() == "tests");
        let lines = without_tests(&fs::read_to_string(&file).unwrap()).count();
        if !is_test && lines > FILE_LINES_MAX {
            faults.push(format!("{}: {lines} lines without its tests", path.display()));
        }
    }
    report(&format!("files over {FILE_LINES_MAX} lines"), &faults);
}

#[test]
fn a_functions_directory_is_its_package_and_its_program_with_a_main_that_fits_a_screen() {
    let mut faults = Vec::new();
    for function in folders("functions").unwrap() {
        let home = root().join("functions").join(&function);
        let package = METADATA.workspace_packages().into_iter().find(|one| *one.name == *function);
        let has_program =
            package.is_some_and(|one| one.targets.iter().any(|t| t.is_bin() && t.name == function));
        if !has_program {
            faults.push(format!("functions/{function} is not the package and the program of that name"));
        }
        for part in ["main.rs", "lib.rs", "config.rs"] {
            if !home.join("src").join(part).is_file() {
                faults.push(format!("functions/{function}/src/{part} is missing"));
            }
        }
        let main = fs::read_to_string(home.join("src/main.rs")).unwrap_or_default().lines().count();
        if main > MAIN_LINES_MAX {
            faults.push(format!(
                "functions/{function}/src/main.rs has {main} lines, {MAIN_LINES_MAX} are allowed"
            ));
        }
    }
    report("functions", &faults);
}

#[test]
fn the_architecture_page_names_every_member_and_every_decision_is_listed() {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let mut faults = Vec::new();
    for package in METADATA.workspace_packages() {
        let folder = package.manifest_path.strip_prefix(root().to_str().unwrap()).unwrap().parent().unwrap();
        if !page.contains(&format!("`{folder}`")) {
            faults.push(format!("docs/architecture.md does not name `{folder}`"));
        }
    }
    for decision in files(&root().join("docs/adr"), ".md").unwrap() {
        let name = decision.file_name().unwrap().to_string_lossy().into_owned();
        if !page.contains(&format!("(adr/{name})")) {
            faults.push(format!("docs/architecture.md does not list adr/{name}"));
        }
    }
    report("documents", &faults);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let link = regex_lite::Regex::new(r"\]\(([^)\s#]+)(#[^)]*)?\)").unwrap();
    let mut faults = BTreeSet::new();
    for file in files(&root(), ".md").unwrap() {
        let text = fs::read_to_string(&file).unwrap();
        for target in link.captures_iter(&text).map(|found| found[1].to_owned()) {
            if !target.contains("://")
                && !target.starts_with("mailto:")
                && !file.with_file_name(&target).exists()
            {
                faults.insert(format!("{}: {target}", file.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    report("broken links", &faults.into_iter().collect::<Vec<_>>());
}
