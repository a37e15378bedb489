//! Secrets: read from where they are kept, a file or an environment variable, and never written into the configuration itself.

/// The secret that a source leads to, white space around it left out.
///
/// # Errors
/// What is wrong with the source, without a letter of what was read.
pub(super) fn read(source: &str) -> Result<String, String> {
    let text = match source.split_once(':') {
        Some(("file", path)) => std::fs::read_to_string(path).map_err(|e| format!("`{path}` cannot be read: {e}"))?,
        Some(("env", name)) => std::env::var(name).map_err(|_| format!("the variable {name} is not set"))?,
        _ => return Err("must be file:PATH or env:VARIABLE, never the key itself".to_owned()),
    };
    Ok(text.trim().to_owned())
}
