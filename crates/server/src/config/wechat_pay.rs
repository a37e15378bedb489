//! `[[wallet]] wechat_pay`: the merchant's account through which a wallet's refunds go, where that is not the wallet's own API.

use super::document::Section;
use super::wallet::is_loopback;
use super::{ConfigError, secrets};
use walletline_core::kernel::pii::Pii;

/// A merchant's account with WeChat Pay, API v3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WechatPay {
    /// The address below which `/v3` stands.
    pub url: String,
    /// The merchant's number (mchid).
    pub merchant: String,
    /// The serial number of the merchant's certificate.
    pub serial: String,
    /// The merchant's private key, in PEM.
    pub private_key: Pii<String>,
    /// The id or serial number of the platform's key.
    pub platform_serial: String,
    /// The platform's public key, in PEM.
    pub platform_key: String,
}

/// Where WeChat Pay stands.
const URL: &str = "https://api.mch.weixin.qq.com";

impl WechatPay {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let url = section.text("url")?.unwrap_or_else(|| URL.to_owned());
        if !(url.starts_with("https://") || url.starts_with("http://") && is_loopback(&url)) {
            return Err(section.error("url", "must be https://: money must not be asked for in clear"));
        }
        let merchant = name(&mut section, "merchant", "the merchant's number, \"1900000001\"")?;
        let serial = name(&mut section, "serial", "the serial number of the merchant's certificate")?;
        let platform_serial = name(&mut section, "platform_serial", "the id of WeChat Pay's key, \"PUB_KEY_ID_…\"")?;
        let private_key = Pii::new(key(&mut section, "private_key")?);
        let platform_key = key(&mut section, "platform_key")?;
        section.finish()?;
        Ok(Self { url, merchant, serial, private_key, platform_serial, platform_key })
    }
}

/// A name that stands in a header and in an address as it is.
fn name(section: &mut Section, key: &'static str, expected: &str) -> Result<String, ConfigError> {
    let name = section.required(key, expected)?;
    if name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
        Ok(name)
    } else {
        Err(section.error(key, format!("`{name}` has other signs than letters, digits, _ and -: give {expected}")))
    }
}

fn key(section: &mut Section, key: &'static str) -> Result<String, ConfigError> {
    let source = section.required(key, "file:PATH or env:VARIABLE")?;
    secrets::read(&source).map_err(|what| section.error(key, what))
}
