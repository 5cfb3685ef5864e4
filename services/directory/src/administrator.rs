use directory_domain::{User, full_name, sign_in_name};
use kit::{Fault, Violations};

use crate::{Directory, changes, faults, flaws::note, passwords, store};

impl Directory {
    /// Makes a first administrator, who holds no post, if there is no administrator at all: true if one was made. The
    /// password is asked for only then. Fails with all violations, or if a person without that right has the name.
    pub async fn ensure_administrator(&self, name: &str, full: &str, password: &str) -> Result<bool, Fault> {
        if store::user::administrator_exists(&mut self.db.read("look_for_administrator").await?, self.today())
            .await?
        {
            return Ok(false);
        }
        let mut violations = Violations::default();
        let now = self.clock.now();
        let user = User {
            id: self.ids.next(),
            revision: 1,
            sign_in_name: note(&mut violations, "signInName", sign_in_name(name)),
            full_name: note(&mut violations, "fullName", full_name(full)),
            email: String::new(),
            phone: String::new(),
            external_id: String::new(),
            is_active: true,
            is_withdrawn: false,
            is_administrator: true,
            appointments: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        let password = passwords::chosen(self, "password", password, &user, &mut violations).await?;
        violations.check()?;
        let Some(password) = password else { return Ok(false) };
        let hash = self.hashing.hash(password).await?;

        let mut tx = self.db.write("first_administrator").await?;
        store::lock(&mut tx).await?;
        if store::user::administrator_exists(&mut tx, self.today()).await? {
            return Ok(false); // another process was faster
        }
        if store::user::is_taken(&mut tx, &user.sign_in_name).await? {
            return Err(faults::sign_in_name_taken(&user.sign_in_name));
        }
        store::user::insert(&mut tx, std::slice::from_ref(&user)).await?;
        store::credential::insert(&mut tx, vec![(user.id, hash)]).await?;
        events::append(&mut tx, vec![changes::user_changed(&self.ids, &user)]).await?;
        tx.commit().await?;
        self.changed.wake();
        Ok(true)
    }
}
