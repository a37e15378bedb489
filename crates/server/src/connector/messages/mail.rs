//! Mail by SMTP: over TLS from the first byte or from STARTTLS on, never without; a text and a simple page of the same words, in the
//! customer's language. What a server says about one mail is sorted into now, later and never.

use super::route::{Parcel, Sent};
use super::template::Letter;
use crate::config::{MailEncryption, MailRoute, Trust};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;
use walletline_core::kernel::language::Language;

/// How long a server may take for one of its answers; with a handful of them a mail stays within an errand's lease.
const ANSWER_MAX: Duration = Duration::from_secs(8);

/// How long the whole of one mail may take.
const MAIL_MAX: Duration = Duration::from_secs(30);

pub(super) struct MailSender {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl std::fmt::Debug for MailSender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailSender({})", self.from)
    }
}

impl MailSender {
    pub(super) fn new(route: MailRoute) -> Result<Self, String> {
        let MailRoute { name: _, host, port, encryption, login, from } = route;
        let tls = match &encryption {
            MailEncryption::Tls(trust) => Tls::Wrapper(parameters(&host, trust)?),
            MailEncryption::StartTls(trust) => Tls::Required(parameters(&host, trust)?),
            MailEncryption::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&host);
        builder = builder.port(port).tls(tls).timeout(Some(ANSWER_MAX));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password.expose().clone()));
        }
        let from = from.parse().map_err(|_| format!("`{from}` is no address"))?;
        Ok(Self { from, transport: builder.build() })
    }

    pub(super) async fn give(&self, parcel: &Parcel<'_>) -> Sent {
        let Some(mail) = self.written(parcel) else { return Sent::Refused("no_address".to_owned()) };
        match tokio::time::timeout(MAIL_MAX, self.transport.send(mail)).await {
            Ok(Ok(_)) => Sent::Taken { reference: Some(parcel.key.to_string()), arrived: false },
            Ok(Err(error)) => judge(&error),
            Err(_) => Sent::Unknown("no_answer".to_owned()),
        }
    }

    /// The mail; none when there is no such address.
    fn written(&self, parcel: &Parcel<'_>) -> Option<Message> {
        let letter = parcel.letter.as_ref()?;
        let to = Mailbox::new(None, parcel.to.expose().parse().ok()?);
        // The same mail sent twice has one name: whoever sorts by it shows it once.
        let name = format!("<{}@{}>", parcel.key, self.from.email.domain());
        let builder = Message::builder().from(self.from.clone()).to(to).subject(&letter.subject).message_id(Some(name));
        let text = letter.paragraphs.join("\n\n");
        builder.multipart(MultiPart::alternative_plain_html(text, page(letter, parcel.language))).ok()
    }
}

fn parameters(host: &str, trust: &Trust) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = &trust.0 {
        let pem = std::fs::read(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
        let authority = Certificate::from_pem(&pem).map_err(|error| format!("`{}`: {error}", path.display()))?;
        builder =
            builder.certificate_store(lettre::transport::smtp::client::CertificateStore::None).add_root_certificate(authority);
    }
    builder.build_rustls().map_err(|error| error.to_string())
}

/// The words as a page: nothing is loaded, nothing can be clicked, and what a template holds is text.
fn page(letter: &Letter, language: Language) -> String {
    let paragraphs = letter.paragraphs.iter().map(|paragraph| maud::html! { p { (paragraph) } }.into_string());
    let paragraphs: String = paragraphs.collect();
    let title = maud::html! { (letter.subject) }.into_string();
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>{paragraphs}</body></html>",
        language.tag()
    )
}

/// What a server's word means: 5xx is never, 4xx is later, and so is a connection that did not come about. After a time-out nobody knows.
fn judge(error: &Error) -> Sent {
    let code = error.status().map(|code| format!("smtp_{code}"));
    if error.is_permanent() {
        Sent::Refused(code.unwrap_or_else(|| "refused".to_owned()))
    } else if error.is_transient() {
        Sent::Busy(code.unwrap_or_else(|| "busy".to_owned()))
    } else if error.is_timeout() {
        Sent::Unknown("no_answer".to_owned())
    } else if error.is_tls() {
        Sent::Busy("tls".to_owned())
    } else {
        Sent::Busy("unreachable".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_text_alone() {
        let letter = Letter { subject: "A <b>".to_owned(), paragraphs: vec!["<script>&".to_owned(), "您好".to_owned()] };
        let page = page(&letter, Language::ZhCn);
        assert!(page.contains("lang=\"zh-CN\"") && page.contains("<p>&lt;script&gt;&amp;</p><p>您好</p>"), "{page}");
        assert!(page.contains("<title>A &lt;b&gt;</title>"));
    }
}
