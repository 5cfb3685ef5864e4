use std::path::PathBuf;

use kit::config::Settings;
use notifications::{Credentials, MailConfig, MailRoute, Mailbox, Secret, Security, SmtpRoute};

use super::Address;

/// How mail goes out: by SMTP if a host is named, else as files into the folder.
pub(crate) fn mail(settings: &mut Settings, folder: Option<PathBuf>, base_url: &str) -> Option<MailConfig> {
    let domain = settings.or("mail.domain", "congvan.invalid".to_owned());
    let from = settings.or("mail.from", format!("Công Văn <khong-tra-loi@{domain}>"));
    let from: Option<Mailbox> = from.parse().ok();
    if from.is_none() {
        settings.mistake(
            "mail.from must be an address as Công Văn <cong-van@example.gov.vn>, and mail.domain a domain",
        );
    }
    let base_url: Address = settings.or("mail.base_url", Address(base_url.to_owned()));
    let route = match settings.optional("smtp.host") {
        Some(host) => {
            settings.pointless("mail.folder", "smtp.host is named, so mail goes there");
            MailRoute::Smtp(smtp(settings, host))
        }
        None => {
            for key in ["port", "security", "user", "password"] {
                settings.pointless(&format!("smtp.{key}"), "no smtp.host is named");
            }
            MailRoute::Folder(match folder {
                Some(folder) => settings.or("mail.folder", folder),
                None => {
                    settings.required("mail.folder", "folder for mail, unless smtp.host names a server")?
                }
            })
        }
    };
    Some(MailConfig { from: from?, mail_domain: domain, base_url: base_url.0, route })
}

fn smtp(settings: &mut Settings, host: String) -> SmtpRoute {
    let user: Option<String> = settings.optional("smtp.user");
    let password: Option<Secret> = settings.optional("smtp.password");
    if user.is_some() != password.is_some() {
        settings.mistake("smtp.user and smtp.password come together");
    }
    SmtpRoute {
        host,
        port: settings.or("smtp.port", 587),
        security: settings.or("smtp.security", Security::Starttls),
        credentials: user.zip(password).map(|(user, password)| Credentials { user, password }),
    }
}
