//! Pods whose metrics can be scraped: one address of 127.0.0.1 for each port of each pod.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// What Prometheus asks for when it can take exemplars.
const OPEN_METRICS: &str = "application/openmetrics-text";
/// No scrape takes this long; a client that says nothing is let go.
const PATIENCE: Duration = Duration::from_secs(5);

/// In which format a scrape is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Prometheus' own, without exemplars.
    Text,
    /// OpenMetrics 1.0, with exemplars.
    OpenMetrics,
}

impl Format {
    fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Answers scrapes of `path` with what `metrics` makes of the best format that the client takes,
/// until the test ends. Every other path is not found; `None` is a server that is out of order.
pub fn serve(
    path: &'static str,
    metrics: impl Fn(Format) -> Option<(Format, String)> + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let metrics = Arc::new(metrics);
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let metrics = Arc::clone(&metrics);
            thread::spawn(move || answer(connection, path, &*metrics));
        }
    });
    address
}

/// Answers one request. A client that goes away is not our concern.
fn answer(
    mut connection: TcpStream,
    path: &str,
    metrics: &impl Fn(Format) -> Option<(Format, String)>,
) {
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut lines = BufReader::new(connection.try_clone().unwrap()).lines();
    let request = lines.next().and_then(Result::ok).unwrap_or_default();
    let mut best = Format::Text;
    for header in lines.map_while(Result::ok) {
        let header = header.to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if header.starts_with("accept:") && header.contains(OPEN_METRICS) {
            best = Format::OpenMetrics;
        }
    }
    let asked = request.split(' ').nth(1).unwrap_or_default();
    let (status, format, body) = match metrics(best) {
        _ if asked != path => ("404 Not Found", Format::Text, String::new()),
        None => ("503 Service Unavailable", Format::Text, String::new()),
        Some((format, body)) => ("200 OK", format, body),
    };
    let _ = write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        format.content_type(),
        body.len()
    );
}
