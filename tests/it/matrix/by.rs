use base::Uuid;
use kit::caller::Person;
use serde_json::Value as Json;

use super::{
    belongings::Property,
    probes::Case,
    records::{Concern, Record},
    scene::{Paper, Scene, Thing},
};

/// What is there for a person to ask about, from the nearest to what is none of that person's business.
pub(crate) struct By<'a> {
    scene: &'a Scene<'a>,
    property: &'a Property,
    person: &'a Person,
    /// Unit and agency of the first post; who holds none any more is asked about where the others sit.
    unit_id: Uuid,
    agency_id: Uuid,
}

impl<'a> By<'a> {
    pub(crate) fn new(scene: &'a Scene<'a>, property: &'a Property, person: &'a Person) -> Self {
        let office = &scene.drafts["vp.mt"].thing;
        let (unit_id, agency_id) = match person.appointments.first() {
            Some(post) => (post.unit_id, post.agency_id),
            None => (office.unit.unwrap(), office.agency.unwrap()),
        };
        Self { scene, property, person, unit_id, agency_id }
    }

    /// Whether the person sits in no inner unit.
    fn at_the_top(&self) -> bool {
        self.unit_id == self.agency_id
    }

    pub(crate) fn unit_id(&self) -> String {
        self.unit_id.to_string()
    }

    /// Somebody of the own agency who stands in for others.
    pub(crate) fn substitute_id(&self) -> String {
        self.property.records.substitute.clone()
    }

    /// The person and somebody else.
    pub(crate) fn people(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let other = self.property.other_id.to_string();
        self.owned(&self.person.user_id.to_string(), &other, request)
    }

    /// The person and somebody who cannot sign in any more.
    pub(crate) fn forgetful(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let other = &self.property.records.forgetful;
        self.owned(&self.person.user_id.to_string(), other, request)
    }

    /// What belongs to all people together.
    pub(crate) fn everybodys(request: Json) -> Case {
        Case::new("everybody's", "", Thing::default(), move |_| request.clone())
    }

    pub(crate) fn keys(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        self.owned(&self.property.of(self.person).key, &self.property.other().key, request)
    }

    pub(crate) fn sessions(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let other = self.property.session_of_other(self.person);
        self.owned(&self.property.of(self.person).session, other, request)
    }

    /// Messages to the person, if there was one, and to somebody else.
    pub(crate) fn messages(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let own = self.property.of(self.person).message.as_deref().unwrap_or_default();
        self.owned(own, self.property.other().message.as_ref().unwrap(), request)
    }

    /// What the person prepared, who is an administrator then, and what another administrator did.
    pub(crate) fn reorganisations(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let own = self.property.of(self.person).reorganisation.as_deref().unwrap_or_default();
        self.owned(own, &self.property.records.reorganisation, request)
    }

    /// Something of the person's, if there is any, and the same of somebody else.
    fn owned(&self, own: &str, other: &str, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let of = |owner| Thing { owner: Some(owner), ..Thing::default() };
        let own = (!own.is_empty()).then(|| Case::new("the own", own, of(self.person.user_id), request));
        let other = Case::new("another's", other, of(self.property.other_id), request);
        own.into_iter().chain([other]).collect()
    }

    /// Documents of every relation.
    fn all_papers(&self) -> Vec<(&'static str, &Paper)> {
        let Scene { drafts, issued, handled, .. } = self.scene;
        let unit = if self.at_the_top() { "mt" } else { "vp.mt" };
        let own = self.property.of(self.person).draft.as_ref();
        let mut papers: Vec<_> = own.map(|draft| ("an own draft", draft)).into_iter().collect();
        papers.extend([
            ("a draft of the own unit", &drafts[unit]),
            ("a draft of the own agency", &drafts["th.mt"]),
            ("a draft of another agency", &drafts["vp.mn"]),
            ("issued by the own agency", &issued[0]),
            ("received from another agency", &issued[1]),
            ("issued between others", &issued[2]),
            ("assigned to a unit of the own agency", handled),
        ]);
        papers
    }

    fn of_papers(
        &self,
        named: fn(&Paper) -> &String,
        request: impl Fn(&str) -> Json + Clone + 'static,
    ) -> Vec<Case> {
        let papers = self.all_papers().into_iter().filter(|(_, paper)| !named(paper).is_empty());
        papers
            .map(|(name, paper)| Case::new(name, named(paper), paper.thing.clone(), request.clone()))
            .collect()
    }

    pub(crate) fn papers(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        self.of_papers(|paper| &paper.id, request)
    }

    pub(crate) fn recalls(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let [own, received, other] = &self.scene.recalls;
        [("requested by the own agency", own), ("asking the own agency", received), ("between others", other)]
            .map(|(name, recall)| Case::new(name, &recall.id, recall.thing.clone(), request))
            .into()
    }

    pub(crate) fn attachments(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        self.of_papers(|paper| &paper.attachment, request)
    }

    pub(crate) fn deliveries(&self, request: impl Fn(&str) -> Json + Clone + 'static) -> Vec<Case> {
        self.of_papers(|paper| &paper.delivery, request)
    }

    /// Units to draft in.
    pub(crate) fn drafting_units(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let [agency, other] = ["th.mt", "vp.mn"].map(|place| self.scene.drafts[place].thing.unit.unwrap());
        [
            ("the own unit", self.unit_id),
            ("a unit of the own agency", agency),
            ("a unit of another agency", other),
        ]
        .map(|(name, unit)| {
            let thing = Thing { unit: Some(unit), ..Thing::default() };
            Case::new(name, &unit.to_string(), thing, request)
        })
        .into()
    }

    /// Units to have something drafted in, which belong to agencies.
    pub(crate) fn drafting_tasks(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let [own, other] = ["th.mt", "vp.mn"].map(|place| &self.scene.drafts[place].thing);
        [
            ("the own unit", self.unit_id, self.agency_id),
            ("a unit of the own agency", own.unit.unwrap(), own.agency.unwrap()),
            ("a unit of another agency", other.unit.unwrap(), other.agency.unwrap()),
        ]
        .map(|(name, unit, agency)| {
            let thing = Thing { unit: Some(unit), agency: Some(agency), ..Thing::default() };
            Case::new(name, &unit.to_string(), thing, request)
        })
        .into()
    }

    /// Assigned drafting, asked about with its unit.
    pub(crate) fn draftings(&self, request: impl Fn(&str, &str) -> Json + Copy + 'static) -> Vec<Case> {
        let unit = if self.at_the_top() { "mt" } else { "vp.mt" };
        [("for the own unit", unit), ("for the own agency", "th.mt"), ("for another agency", "vp.mn")]
            .map(|(name, place)| {
                let Record { id, thing } = &self.property.records.draftings[place];
                let unit = thing.unit.unwrap().to_string();
                Case::new(name, id, thing.clone(), move |id| request(id, &unit))
            })
            .into()
    }

    fn of_agencies(
        &self,
        thing: fn(Uuid) -> Thing,
        request: impl Fn(&str) -> Json + Copy + 'static,
    ) -> Vec<Case> {
        let other = self.scene.drafts["vp.mn"].thing.agency.unwrap();
        [("the own agency", self.agency_id), ("another agency", other)]
            .map(|(name, agency)| Case::new(name, &agency.to_string(), thing(agency), request))
            .into()
    }

    /// Agencies, with what belongs to them.
    pub(crate) fn agencies(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        self.of_agencies(|agency| Thing { agency: Some(agency), ..Thing::default() }, request)
    }

    /// Agencies, with what they received.
    pub(crate) fn inboxes(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        self.of_agencies(|agency| Thing { recipients: vec![agency], ..Thing::default() }, request)
    }

    /// Agencies that keep a group, and the directory itself, which keeps those of all.
    pub(crate) fn keepers(&self, request: impl Fn(&str) -> Json + Copy + 'static) -> Vec<Case> {
        let mut cases = self.agencies(request);
        let thing = Thing { shared: true, ..Thing::default() };
        cases.push(Case::new("the whole directory", "", thing, request));
        cases
    }

    fn of_records(
        named: &[(&'static str, &Record)],
        request: impl Fn(&str) -> Json + Clone + 'static,
    ) -> Vec<Case> {
        let case = |one: &(&'static str, &Record)| {
            let (name, record) = *one;
            Case::new(name, &record.id, record.thing.clone(), request.clone())
        };
        named.iter().map(case).collect()
    }

    pub(crate) fn groups(&self, request: impl Fn(&str) -> Json + Clone + 'static) -> Vec<Case> {
        let [own, other, shared] = &self.property.records.groups;
        let named =
            [("of the own agency", own), ("of another agency", other), ("of the whole directory", shared)];
        Self::of_records(&named, request)
    }

    pub(crate) fn authorities(&self, request: impl Fn(&str) -> Json + Clone + 'static) -> Vec<Case> {
        let [own, other] = &self.property.records.authorities;
        Self::of_records(&[("of the own agency", own), ("of another agency", other)], request)
    }

    /// What concerns people: the person, others near and far, leaders and not.
    pub(crate) fn concerns(
        &self,
        named: fn(&Concern) -> &String,
        request: impl Fn(&str) -> Json + Clone + 'static,
    ) -> Vec<Case> {
        let records = &self.property.records;
        let mate = if self.at_the_top() { "soan.mt" } else { "soan.vp.mt" };
        let own = records.concerns.values().find(|one| one.thing.owner == Some(self.person.user_id));
        [
            ("the own", own.expect("everybody of the cast holds a position")),
            ("of the own unit", &records.concerns[mate]),
            ("of the own agency", &records.concerns["soan.th.mt"]),
            ("of a leader of the own agency", &records.concerns["pho.mt"]),
            ("of another agency", &records.concerns["soan.vp.mn"]),
            ("of a leader of another agency", &records.concerns["dau.mn"]),
        ]
        .map(|(name, one)| Case::new(name, named(one), one.thing.clone(), request.clone()))
        .into()
    }
}
