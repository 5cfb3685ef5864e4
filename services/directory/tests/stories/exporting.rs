//! The directory as files that come in again unchanged.

use congvan_proto::directory::v1 as pb;

use crate::{
    files::{PEOPLE, UNITS},
    staging::{PROVINCE, STAFF},
    world::{PASSWORD, World, reason, who},
};

const FORMATS: [pb::TableFormat; 2] = [pb::TableFormat::Csv, pb::TableFormat::Xlsx];

/// People whose names and titles spreadsheets would run.
const RISKY: &str = "\
sign-in name,full name,phone,unit code,position,roles,capacity,primary,start date
an.ct,\"=HYPERLINK(\"\"http://x\"\",\"\"An\"\")\",+84 212 3852,H52.SNV,-1+1,OFFICER,,,
an.ct,,,H52.SNV.VP,@SUM(A1),DEPUTY_HEAD,ACTING,yes,2026-12-01
binh.ct,''=Bình,,H52.SNV.VP,Trưởng phòng,UNIT_HEAD,IN_CHARGE,,
chi.ct,'Chi',,,,,,,
";

#[tokio::test]
async fn what_goes_out_comes_in_again_unchanged() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        world.import(&by, PEOPLE, STAFF).await;
        world.import(&by, PEOPLE, RISKY).await;
        for format in FORMATS {
            let units = world.export_units(&by, format, "").await;
            let job = world.stage(&by, UNITS, &units).await.unwrap();
            assert_eq!(
                (job.row_count, job.unchanged_count),
                (3, 3),
                "{:?}",
                world.changes_of(&by, &job).await
            );
            let people = world.export_people(&by, format).await.unwrap();
            let job = world.stage(&by, PEOPLE, &people).await.unwrap();
            assert_eq!(job.error_count, 0, "{:#?}", world.mistakes_of(&by, &job).await);
            assert_eq!(
                (job.unchanged_count, job.update_count),
                (7, 0),
                "{:?}",
                world.changes_of(&by, &job).await
            );
        }
    }
}

#[tokio::test]
async fn no_cell_of_an_export_is_a_formula() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        world.import(&by, PEOPLE, RISKY).await;
        let csv = world.export_people(&by, pb::TableFormat::Csv).await.unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(
            csv.starts_with("\u{feff}Tên đăng nhập,Họ và tên") || csv.starts_with("\u{feff}Sign-in name,")
        );
        for line in csv.lines().skip(1) {
            let cells = line.split(',').map(|cell| cell.trim_start_matches('"'));
            let risky: Vec<_> = cells.filter(|cell| cell.starts_with(['=', '+', '-', '@'])).collect();
            assert_eq!(risky, Vec::<&str>::new(), "{line}");
        }
        assert!(csv.contains("'=HYPERLINK") && csv.contains("'+84 212") && csv.contains("''=Bình"));
    }
}

#[tokio::test]
async fn units_go_out_as_they_were_on_a_day_and_people_only_to_administrators() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.import(&by, UNITS, PROVINCE).await;
        world.import(&by, PEOPLE, STAFF).await;
        let february = world.export_units(&by, pb::TableFormat::Csv, "2025-02-01").await;
        let february = String::from_utf8(february).unwrap();
        assert!(february.contains("\r\nH52,") && !february.contains("\r\nH52.SNV"), "{february}");

        let unit = world.unit(&by, crate::world::department("H52.01")).await.unwrap();
        world.user(&by, crate::world::officer("an.ct", &unit)).await.unwrap();
        let officer = who(&world.sign_in("an.ct", PASSWORD).await.unwrap().session.unwrap());
        assert!(!world.export_units(&officer, pb::TableFormat::Xlsx, "").await.is_empty());
        let refused = world.export_people(&officer, pb::TableFormat::Csv).await.unwrap_err();
        assert_eq!(reason(&refused), "NOT_ALLOWED");
    }
}
