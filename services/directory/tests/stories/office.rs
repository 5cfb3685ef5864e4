//! A commune with its people, for stories of signing and standing in.

use congvan_proto::directory::v1::{
    self as pb,
    Role::{AgencyHead, DeputyHead, DocumentOffice, Officer, Secretary, UnitHead},
    signing_authority_service_client::SigningAuthorityServiceClient,
    stand_in_service_client::StandInServiceClient,
};
use kit::transport::Transport;
use tonic::Status;

use crate::world::{PASSWORD, Who, World, appointment, department, who};

/// The commune, its office, and who works there.
pub(crate) struct Office {
    pub(crate) administrator: Who,
    pub(crate) commune: pb::Unit,
    pub(crate) unit: pb::Unit,
    pub(crate) head: pb::User,
    pub(crate) deputy: pb::User,
    pub(crate) chief: pb::User,
    pub(crate) officer: pb::User,
    pub(crate) clerk: pb::User,
    pub(crate) second_clerk: pb::User,
    pub(crate) secretary: pb::User,
}

impl Office {
    pub(crate) async fn new(world: &World) -> Self {
        let by = world.administrator().await;
        let commune = pb::Unit {
            name: "Ủy ban nhân dân xã Mường La".to_owned(),
            kind: pb::UnitKind::Commune.into(),
            ..department("H52.70")
        };
        let commune = world.unit(&by, commune).await.unwrap();
        let office = pb::Unit {
            name: "Văn phòng".to_owned(),
            kind: pb::UnitKind::InnerOffice.into(),
            parent_id: commune.id.clone(),
            ..department("H52.70.VP")
        };
        let office = world.unit(&by, office).await.unwrap();
        let person = async |name: &str, full: &str, unit: &pb::Unit, title: &str, role: pb::Role| {
            let user = pb::User {
                sign_in_name: name.to_owned(),
                full_name: full.to_owned(),
                appointments: vec![appointment(unit, title, role)],
                ..pb::User::default()
            };
            world.user(&by, user).await.unwrap()
        };
        Self {
            head: person("chu.tich", "Lò Văn Chủ", &commune, "Chủ tịch", AgencyHead).await,
            deputy: person("pho", "Cà Thị Phó", &commune, "Phó Chủ tịch", DeputyHead).await,
            chief: person("chanh.vp", "Quàng Văn Chánh", &office, "Chánh Văn phòng", UnitHead).await,
            officer: person("can.bo", "Tòng Thị Cán", &office, "Chuyên viên", Officer).await,
            clerk: person("van.thu", "Lường Thị Thư", &office, "Văn thư", DocumentOffice).await,
            second_clerk: person("van.thu.2", "Hà Văn Hai", &office, "Văn thư dự phòng", DocumentOffice)
                .await,
            secretary: person("thu.ky", "Vì Thị Ký", &office, "Thư ký", Secretary).await,
            administrator: by.clone(),
            commune,
            unit: office,
        }
    }

    /// The user, signed in anew: with the posts and stand-ins of now.
    pub(crate) async fn sign_in(&self, world: &World, user: &pb::User) -> Who {
        who(&self.session(world, user).await)
    }

    /// The session of the user, as the gateway is told of it.
    pub(crate) async fn session(&self, world: &World, user: &pb::User) -> pb::Session {
        let token = world.sign_in(&user.sign_in_name, PASSWORD).await.unwrap().token;
        world.verify(&token).await.unwrap()
    }

    /// From one position to another, for this year.
    pub(crate) fn authority(
        &self,
        form: pb::GrantForm,
        from: &pb::User,
        to: &pb::User,
    ) -> pb::SigningAuthority {
        pb::SigningAuthority {
            agency_id: self.commune.id.clone(),
            form: form.into(),
            grantor_position_id: position(from),
            grantee_position_id: position(to),
            document_kinds: vec!["NOTICE".to_owned()],
            start_date: "2026-11-23".to_owned(),
            end_date: "2026-12-01".to_owned(),
            basis: "15/QĐ-UBND".to_owned(),
            ..pb::SigningAuthority::default()
        }
    }
}

/// The position that the user holds.
pub(crate) fn position(user: &pb::User) -> String {
    user.appointments[0].position_id.clone()
}

impl World {
    pub(crate) fn signing(&self) -> SigningAuthorityServiceClient<Transport> {
        SigningAuthorityServiceClient::new(self.transport.clone())
    }

    pub(crate) fn stand_ins(&self) -> StandInServiceClient<Transport> {
        StandInServiceClient::new(self.transport.clone())
    }

    /// Hands a right to sign on.
    pub(crate) async fn grant(
        &self,
        by: &Who,
        authority: pb::SigningAuthority,
    ) -> Result<pb::SigningAuthority, Status> {
        let request = pb::CreateSigningAuthorityRequest {
            signing_authority: Some(authority),
            ..pb::CreateSigningAuthorityRequest::default()
        };
        let answer = self.signing().create_signing_authority(self.from(by, request)).await?;
        Ok(answer.into_inner().signing_authority.unwrap())
    }

    /// Names a stand-in.
    pub(crate) async fn name_stand_in(&self, by: &Who, stand_in: pb::StandIn) -> Result<pb::StandIn, Status> {
        let request = pb::CreateStandInRequest { stand_in: Some(stand_in), request_id: String::new() };
        let answer = self.stand_ins().create_stand_in(self.from(by, request)).await?;
        Ok(answer.into_inner().stand_in.unwrap())
    }

    /// Notes an absence.
    pub(crate) async fn absent(&self, by: &Who, absence: pb::Absence) -> Result<pb::Absence, Status> {
        let request = pb::CreateAbsenceRequest { absence: Some(absence), request_id: String::new() };
        let answer = self.stand_ins().create_absence(self.from(by, request)).await?;
        Ok(answer.into_inner().absence.unwrap())
    }

    /// Who stands in in an agency on a day.
    pub(crate) async fn acting(&self, by: &Who, agency_id: &str, date: &str) -> Vec<pb::Acting> {
        let request = pb::ListActingRequest {
            agency_id: agency_id.to_owned(),
            as_of_date: date.to_owned(),
            ..pb::ListActingRequest::default()
        };
        self.stand_ins().list_acting(self.from(by, request)).await.unwrap().into_inner().acting
    }
}
