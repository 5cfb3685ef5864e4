//! Files that are read and compared: what is told of them, and that nothing has changed.

use congvan_proto::directory::v1 as pb;
use sql::{Queries, Statement, statement};

use crate::{
    files::{PEOPLE, UNITS, header},
    world::{Who, World, fact, fields, reason},
};

/// What a file may change, in numbers.
const STATE: Statement = statement(
    "STATE",
    "SELECT (SELECT count(*) FROM unit) AS units, (SELECT count(*) FROM person) AS people,
        (SELECT count(*) FROM appointment) AS posts, (SELECT count(*) FROM event) AS events,
        (SELECT count(*) FROM audit) AS entries",
);

async fn state(world: &World) -> [i64; 5] {
    let row = world.db.read("test").await.unwrap().one(&STATE, vec![]).await.unwrap();
    ["units", "people", "posts", "events", "entries"].map(|column| row.get(column).unwrap())
}

/// Three units as an office would write them.
pub(crate) const PROVINCE: &str = "\
Mã định danh;Tên;Tên viết tắt;Loại;Mã đơn vị cấp trên;Thư điện tử;Địa chỉ;Ngày bắt đầu;Mã cũ;Mã thống kê
H52.SNV.VP;Văn phòng;VP;Văn phòng;H52.SNV;;;;;
H52.SNV;Sở Nội vụ;SNV;Sở;H52;vanthu.snv@sonla.gov.vn;\"Số 1, Tô Hiệu\";01/03/2025;000.00.05.H52;
H52;Ủy ban nhân dân tỉnh Sơn La;UBND;Ủy ban nhân dân tỉnh;;;;01/01/2025;;00014
";

/// A head, a deputy and a clerk with two posts.
pub(crate) const STAFF: &str = "\
signInName,fullName,email,phone,unitCode,position,roles,primary,startDate
mai.lt,Lò Thị Mai,mai.lt@sonla.gov.vn,0212 3852 001,H52.SNV,Giám đốc,AGENCY_HEAD,,2025-03-01
chung.cv,Cầm Văn Chung,,,H52.SNV.VP,Văn thư,DOCUMENT_OFFICE,no,
thu.ql,Quàng Lệ Thu,,,H52.SNV,Phó Giám đốc,deputy head,,
chung.cv,,,,H52.SNV.VP,Chuyên viên,OFFICER;ARCHIVIST,yes,
";

#[tokio::test]
async fn staging_tells_what_would_change_and_changes_nothing() {
    for world in World::all().await {
        let by = world.administrator().await;
        let before = state(&world).await;
        let job = world.stage(&by, UNITS, PROVINCE).await.unwrap();
        assert_eq!((job.state(), job.revision), (pb::ImportState::Staged, 2));
        assert_eq!((job.row_count, job.create_count, job.update_count, job.error_count), (3, 3, 0, 0));
        assert_eq!((job.effective_date.as_str(), job.creator_name.as_str()), ("2026-11-23", "Lò Thị Mai"));
        assert_eq!(state(&world).await, before);
        let rows = world.rows(&by, &job, pb::ImportAction::Create).await;
        let keys: Vec<_> = rows.iter().map(|row| (row.row, row.key.as_str())).collect();
        assert_eq!(keys, [(4, "H52"), (3, "H52.SNV"), (2, "H52.SNV.VP")], "those above first");
        assert!(world.changes_of(&by, &job).await.contains(&"H52.SNV address:  → Số 1, Tô Hiệu".to_owned()));

        let job = world.commit(&by, &job).await.unwrap();
        assert_eq!((job.state(), job.done_count), (pb::ImportState::Committed, 3));
        let again = world.stage(&by, UNITS, PROVINCE).await.unwrap();
        assert_eq!((again.create_count, again.update_count, again.unchanged_count), (0, 0, 3));

        world.import(&by, PEOPLE, STAFF).await;
        let [units, people, posts, events, _] = state(&world).await;
        assert_eq!((units, people, posts, events), (3, 4, 4, before[3] + 3 + 3));
        world.wait(1); // ids of one moment are in no order
        let again = world.stage(&by, PEOPLE, STAFF).await.unwrap();
        assert_eq!((again.row_count, again.unchanged_count, again.error_count), (4, 3, 0));
        let list = pb::ListImportJobsRequest { page_size: 2, ..Default::default() };
        let list = world.jobs().list_import_jobs(world.from(&by, list)).await.unwrap().into_inner();
        assert_eq!((list.jobs[0].id.as_str(), list.jobs.len()), (again.id.as_str(), 2));
        assert!(!list.next_page_token.is_empty());
    }
}

#[tokio::test]
async fn differences_name_field_before_and_after() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        world.import(&by, PEOPLE, STAFF).await;
        let file = "code,name,abbreviation,kind,parent code\n\
            H52.SNV,Sở Nội vụ tỉnh Sơn La,SNV,PROVINCIAL_DEPARTMENT,H52\n\
            H52.SNV.VP,Văn phòng,VP,INNER_DIVISION,H52\n";
        let job = world.stage(&by, UNITS, file).await.unwrap();
        let told = world.changes_of(&by, &job).await;
        assert_eq!(
            told,
            [
                "H52.SNV name: Sở Nội vụ → Sở Nội vụ tỉnh Sơn La",
                "H52.SNV.VP kind: INNER_OFFICE → INNER_DIVISION",
                "H52.SNV.VP parentCode: H52.SNV → H52",
            ]
        );
        let file = "tên đăng nhập,họ và tên,điện thoại,mã đơn vị,chức vụ,vai trò\n\
            chung.cv,Cầm Văn Chung,0212,H52.SNV,Chánh Văn phòng,Lãnh đạo đơn vị\n";
        let job = world.stage(&by, PEOPLE, file).await.unwrap();
        let told = world.changes_of(&by, &job).await;
        assert_eq!(
            told,
            [
                "chung.cv phone:  → 0212",
                "chung.cv post: Văn thư · H52.SNV.VP · Văn thư → ",
                "chung.cv post: Chuyên viên · H52.SNV.VP · Chuyên viên; Lưu trữ → ",
                "chung.cv post:  → Chánh Văn phòng · H52.SNV · Lãnh đạo đơn vị · 2026-11-23",
            ]
        );
    }
}

#[tokio::test]
async fn every_mistake_of_a_file_of_units_is_told_at_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        let file = "code,name,abbreviation,kind,parent code,start date,remark\n\
            H52.SYT,Sở Y tế,S YT,Sở,H52,2025-02-30,\n\
            H52.SYT,Sở Y tế,SYT,Sở,H52,,\n\
            h52.x,,X,Ban,H99,,\n\
            H52.A,Phòng A,A,Phòng,H52.B,,\n\
            H52.B,Phòng B,B,Phòng,H52.A,,\n\
            H53,Phòng C,C,Phòng,,,\n\
            H52,Ủy ban nhân dân tỉnh Sơn La,UBND,Ủy ban nhân dân tỉnh,,2020-01-01,\n\
            H52.D,Sở D,D,Sở,H52,,,thừa\n";
        let job = world.stage(&by, UNITS, file).await.unwrap();
        assert_eq!(job.state(), pb::ImportState::Invalid);
        let told = world.mistakes_of(&by, &job).await;
        let places: Vec<_> = told.iter().map(|told| told.split_once(": ").unwrap().0).collect();
        assert_eq!(
            places,
            [
                "1 remark",
                "2 abbreviation",
                "2 start date",
                "3 code",
                "4 kind",
                "4 code",
                "4 name",
                "5 Mã đơn vị cấp trên",
                "6 Mã đơn vị cấp trên",
                "7 Mã đơn vị cấp trên",
                "8 Ngày bắt đầu",
                "9 ",
            ],
            "{told:#?}"
        );
        assert_eq!(job.error_count, 12);
        let refused = world.commit(&by, &job).await.unwrap_err();
        assert_eq!(
            (reason(&refused).as_str(), fact(&refused, "error_count").as_str()),
            ("IMPORT_HAS_ERRORS", "12")
        );
    }
}

#[tokio::test]
async fn every_mistake_of_a_file_of_people_is_told_at_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        world.import(&by, PEOPLE, STAFF).await;
        let file = "sign-in name,full name,e-mail,unit code,position,roles,primary\n\
            Mai,Lò Thị Mai,,,,,\n\
            an.bt,Bạc Thị An,an@,H99,Chuyên viên,Chuyên viên,\n\
            an.bt,Bạc Thị Ân,,H52.SNV,Chuyên viên,Thợ mộc,maybe\n\
            binh.lv,Lò Văn Bình,,H52.SNV,Giám đốc,AGENCY_HEAD,yes\n\
            binh.lv,,,H52.SNV.VP,Văn thư,DOCUMENT_OFFICE,yes\n\
            dung.hv,Hà Văn Dũng,,H52.SNV.VP,Chánh Văn phòng,UNIT_HEAD,\n\
            em.hv,Hà Văn Em,,H52.SNV.VP,Chánh Văn phòng,UNIT_HEAD,\n\
            em.hv,,,H52.SNV.VP,Chánh Văn phòng,UNIT_HEAD,\n\
            ,Không Tên,,,,,\n";
        let job = world.stage(&by, PEOPLE, file).await.unwrap();
        let told = world.mistakes_of(&by, &job).await;
        let has = |row: u32, words: &str| {
            let found = told.iter().any(|told| told.starts_with(&format!("{row} ")) && told.contains(words));
            assert!(found, "row {row}: {words}\n{told:#?}");
        };
        has(2, "must be made of a-z");
        has(3, "no e-mail address");
        has(3, "the code of no unit");
        has(4, "differs from row 3");
        has(4, "is no role");
        has(4, "yes or no");
        has(5, "must not be head or deputy");
        has(5, "somebody else holds");
        has(6, "row 5 names the main post already");
        has(8, "somebody else holds");
        has(9, "names the post of row 8");
        has(10, "is required");
    }
}

#[tokio::test]
async fn a_file_that_is_no_table_of_unicode_is_refused_with_what_to_do() {
    for world in World::all().await {
        let by = world.administrator().await;
        let tcvn3 = b"code,name\nH52,UBND t\xd8nh\n".as_slice();
        for (bytes, expected) in [
            (tcvn3, "IMPORT_UNREADABLE"),
            (b"", "IMPORT_UNREADABLE"),
            (b"PK\x03\x04", "IMPORT_UNREADABLE"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "IMPORT_UNREADABLE"),
        ] {
            let refused = world.stage(&by, UNITS, bytes).await.unwrap_err();
            assert_eq!(reason(&refused), expected);
        }
        let refused = world.stage(&by, UNITS, tcvn3).await.unwrap_err();
        assert_eq!(fact(&refused, "line"), "2");
        let large = vec![b'x'; (32 << 20) + 1];
        let parts = [large.as_slice()].concat();
        assert_eq!(reason(&world.stage(&by, UNITS, parts).await.unwrap_err()), "IMPORT_TOO_LARGE");
        let wrong = pb::StageImportHeader {
            effective_date: "1/1/2026".to_owned(),
            request_id: "7".to_owned(),
            reason: "x".repeat(501),
            ..Default::default()
        };
        let refused = world.stage_with(&by, wrong, b"").await.unwrap_err();
        assert_eq!(fields(&refused), ["kind", "effectiveDate", "reason", "requestId"]);
    }
}

#[tokio::test]
async fn every_unicode_form_is_stored_alike() {
    for world in World::all().await {
        let by = world.administrator().await;
        let decomposed = PROVINCE.replace('ở', "o\u{31b}\u{309}").replace('ộ', "o\u{323}\u{302}");
        assert_ne!(decomposed, PROVINCE);
        world.import(&by, UNITS, &decomposed).await;
        let sixteen: Vec<u8> =
            std::iter::once(0xfeff).chain(PROVINCE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let tabs = PROVINCE.replace(';', "\t");
        for bytes in [format!("\u{feff}{PROVINCE}").into_bytes(), sixteen, tabs.into_bytes()] {
            let job = world.stage(&by, UNITS, bytes).await.unwrap();
            assert_eq!((job.unchanged_count, job.error_count), (3, 0));
        }
    }
}

#[tokio::test]
async fn the_same_request_id_gets_the_same_job() {
    for world in World::all().await {
        let by = world.administrator().await;
        let once = pb::StageImportHeader {
            request_id: base::Uuid::from_bytes(crate::world::random()).to_string(),
            ..header(UNITS)
        };
        let first = world.stage_with(&by, once.clone(), PROVINCE.as_bytes()).await.unwrap();
        let again = world.stage_with(&by, once.clone(), PROVINCE.as_bytes()).await.unwrap();
        assert_eq!(first, again);
        let other = world.stage_with(&by, once, STAFF.as_bytes()).await.unwrap_err();
        assert_eq!(reason(&other), "REQUEST_ID_REUSED");
        assert_eq!(reason(&world.stage(&Who::Nobody, UNITS, PROVINCE).await.unwrap_err()), "NOT_SIGNED_IN");
    }
}
