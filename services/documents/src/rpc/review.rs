use base::Uuid;
use congvan_proto::documents::v1::{self as pb, review_service_server::ReviewService};
use documents_domain::{Act, CheckRule, CheckSort, Document, Duty, Place, Process, ProcessFlaw, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::answers::Once;
use tonic::{Request, Response, Status};

use super::{
    command::{Command, Target},
    read::page,
};
use crate::{Documents, faults, officer, shape, store};

calls! {
    ReviewService;
    create_review_process: CreateReviewProcessRequest -> CreateReviewProcessResponse = create;
    list_review_processes: ListReviewProcessesRequest -> ListReviewProcessesResponse = list;
    check_document: CheckDocumentRequest -> CheckDocumentResponse = check;
}

/// Records a check of a document.
async fn check(
    service: &Documents,
    caller: &Caller,
    request: pb::CheckDocumentRequest,
) -> Result<pb::CheckDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("CheckDocument", caller, &target, &request, &mut violations)?;
    if request.check < 1 {
        violations.add("check", "bắt buộc, từ 1 trở lên", "is required, from 1");
    }
    let opinion = violations.text("opinion", &request.opinion, false, limits::REASON);
    violations.check()?;
    let rule = |document: Document, by: &_, at| document.check(request.check, opinion, by, at);
    command.step(service, rule, |document| pb::CheckDocumentResponse { document: Some(document) }).await
}

/// Lays down a new version of an agency's process.
async fn create(
    service: &Documents,
    caller: &Caller,
    request: pb::CreateReviewProcessRequest,
) -> Result<pb::CreateReviewProcessResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let asked = request.review_process.clone().unwrap_or_default();
    let agency_id = violations.id("reviewProcess.agencyId", &asked.agency_id);
    let process = parse(&asked, &mut violations);
    let once =
        Once::new("CreateReviewProcess", officer.user_id, &request.request_id, &request, &mut violations);
    violations.check()?;
    let lays_down =
        |post: &documents_domain::Post| post.agency_id == agency_id && (post.leads || post.keeps_registers);
    let creator = officer.acting(lays_down).ok_or_else(|| Fault::not_allowed(&faults::overseers()))?;
    of_the_agency(service, agency_id, &process).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("create_review_process").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = store::process::current(&mut tx, agency_id).await?;
    let process = Process { version: before.version + 1, ..process };
    let act = Act { by: creator, at: now };
    store::process::insert(&mut tx, agency_id, &process, &act).await?;
    let told = shape::review::process(agency_id, &process, Some(&act));
    let answer = pb::CreateReviewProcessResponse { review_process: Some(told) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The process that is asked for, without a version; every violation is noted.
fn parse(asked: &pb::ReviewProcess, violations: &mut Violations) -> Process {
    let mut levels = Vec::new();
    for (index, level) in asked.levels.iter().enumerate() {
        let checks = level.checks.iter().enumerate();
        let field = |place| format!("reviewProcess.levels[{index}].checks[{place}]");
        levels.push(checks.map(|(place, check)| rule(&field(place), check, violations)).collect());
    }
    let approval_first = asked.approval() == pb::ApprovalOrder::BeforeChecks;
    let process = Process { version: 0, approval_first, levels };
    for flaw in process.flaws() {
        let missing = |sort| match sort {
            CheckSort::Format => {
                ("thiếu kiểm tra thể thức (Điều 12)", "lacks a check of the format (Article 12)")
            }
            _ => ("thiếu kiểm tra nội dung (Điều 12)", "lacks a check of the content (Article 12)"),
        };
        let ten = ("phải có từ 1 đến 10", "must be 1 to 10");
        let (field, (vi, en)) = match flaw {
            ProcessFlaw::Levels => ("reviewProcess.levels".to_owned(), ten),
            ProcessFlaw::Checks(index) => (format!("reviewProcess.levels[{index}].checks"), ten),
            ProcessFlaw::Missing(sort) => ("reviewProcess.levels".to_owned(), missing(sort)),
        };
        violations.add(field, vi, en);
    }
    process
}

fn rule(field: &str, check: &pb::ReviewCheck, violations: &mut Violations) -> CheckRule {
    let sort = CheckSort::numbered(check.sort);
    let duty = Duty::numbered(check.duty);
    let place = match check.place() {
        pb::CheckPlace::DraftingUnit => Some(Place::DraftingUnit),
        pb::CheckPlace::Agency => Some(Place::Agency),
        pb::CheckPlace::Unit => Some(Place::Unit(violations.id(&format!("{field}.unitId"), &check.unit_id))),
        pb::CheckPlace::Unspecified => None,
    };
    for (name, known) in [("sort", sort.is_some()), ("duty", duty.is_some()), ("place", place.is_some())] {
        if !known {
            violations.missing(format!("{field}.{name}"));
        }
    }
    CheckRule {
        sort: sort.unwrap_or(CheckSort::Consultation),
        name: violations.text(&format!("{field}.name"), &check.name, true, limits::CHECK_NAME),
        place: place.unwrap_or(Place::Agency),
        duty: duty.unwrap_or(Duty::Leader),
    }
}

/// Refuses units that are not of the agency today.
async fn of_the_agency(service: &Documents, agency_id: Uuid, process: &Process) -> Result<(), Fault> {
    let named = |check: &CheckRule| match check.place {
        Place::Unit(unit_id) => Some(unit_id),
        Place::DraftingUnit | Place::Agency => None,
    };
    let ids: Vec<_> = process.levels.iter().flatten().filter_map(named).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let units = service.units(ids).await?;
    let mut violations = Violations::default();
    for (level, checks) in process.levels.iter().enumerate() {
        for (place, unit_id) in
            checks.iter().enumerate().filter_map(|(place, check)| Some((place, named(check)?)))
        {
            if !units.is_of(unit_id, agency_id) {
                violations.add(
                    format!("reviewProcess.levels[{level}].checks[{place}].unitId"),
                    "hôm nay không phải là đơn vị của cơ quan",
                    "is no unit of the agency today",
                );
            }
        }
    }
    violations.check()
}

/// Lists the processes of an agency.
async fn list(
    service: &Documents,
    caller: &Caller,
    request: pb::ListReviewProcessesRequest,
) -> Result<pb::ListReviewProcessesResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let agency_id = violations.id("agencyId", &request.agency_id);
    let size = violations.page_size(request.page_size, 20, 100);
    violations.check()?;
    if !officer.posts.iter().any(|post| post.drafts && post.agency_id == agency_id) {
        return Err(Fault::not_allowed(&faults::members()));
    }
    let name = format!("review_processes/{agency_id}");
    let token =
        base::PageToken::decode(&name, &request.page_token, 1).map_err(|_| Fault::bad_page_token())?;
    let before =
        token.map(|token| token.after[0].parse().map_err(|_| Fault::bad_page_token())).transpose()?;
    let mut read = service.db.read("list_review_processes").await?;
    let found = store::process::versions(&mut read, agency_id, before, size + 1).await?;
    let (found, next) =
        page(found, size, |(process, _)| base::PageToken::encode(&name, &[&process.version.to_string()]));
    let told = found.iter().map(|(process, act)| shape::review::process(agency_id, process, Some(act)));
    let built_in = next.is_empty().then(|| shape::review::process(agency_id, &Process::built_in(), None));
    let review_processes = told.chain(built_in).collect();
    Ok(pb::ListReviewProcessesResponse { review_processes, next_page_token: next })
}
