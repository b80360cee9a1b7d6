//! A small HTTP/1.1 client over one kept connection: the load generator shares two cores with the server, so it must be light.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};

/// One connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    head: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Result<Client> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Client { stream: BufReader::with_capacity(64 * 1024, stream), head: Vec::new() })
    }

    /// Sends a POST and gives the answer's body; anything but 200 is an error.
    pub(crate) fn post(&mut self, path: &str, body: &[u8]) -> Result<Vec<u8>> {
        self.head.clear();
        write!(
            self.head,
            "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )?;
        self.head.extend_from_slice(body);
        self.exchange()
    }

    /// Sends a GET and gives the answer's body; anything but 200 is an error.
    pub(crate) fn get(&mut self, path: &str) -> Result<Vec<u8>> {
        self.head.clear();
        write!(self.head, "GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n")?;
        self.exchange()
    }

    fn exchange(&mut self) -> Result<Vec<u8>> {
        self.stream.get_mut().write_all(&self.head)?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let well = line.split(' ').nth(1) == Some("200");
        let status = line.trim_end().to_owned();
        let mut length = 0;
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(Error::other("the connection ended within an answer"));
            }
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(Error::other)?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        if well { Ok(body) } else { Err(Error::other(format!("{status}: {}", String::from_utf8_lossy(&body)))) }
    }
}
