//! The address that the preview and the mock listen on, and the names that requests may use.

use std::net::{IpAddr, Ipv4Addr};

use clap::Args;

/// `--host` and `--allow-host`.
#[derive(Args)]
pub(super) struct Listening {
    /// The address to listen on; with any other than the default, other machines can connect
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1", value_parser = address)]
    pub(super) host: IpAddr,
    /// Another host name that requests may use; can be given several times
    #[arg(long, value_name = "NAME")]
    pub(super) allow_host: Vec<String>,
}

/// Parses an address to listen on. The only name is `localhost`, since any other can resolve to
/// any address.
fn address(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text.parse().map_err(|_| {
            "expected an IP address such as 127.0.0.1 or 0.0.0.0; pass names to `--allow-host`"
                .to_owned()
        }),
    }
}
