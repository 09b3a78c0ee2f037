#!/bin/sh
# Certificates of a test's own authority, good and bad ones, as pairs of name.pem and name.key.
#
#   make-certificates.sh FOLDER

set -eu
cd "$1"

make_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

# name, subject, subjectAltName or "-", begin, end
make() {
  make_key "$1"
  openssl req -new -key "$1.key" -subj "/CN=$2" -out "$1.csr"
  { [ "$3" = - ] || echo "subjectAltName=$3"; echo "basicConstraints=CA:FALSE"; } > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -set_serial "$serial" \
    -extfile "$1.ext" -days "$4" -out "$1.pem" 2> /dev/null
  serial=$((serial + 1))
}

serial=2
make_key ca
openssl req -x509 -new -key ca.key -subj "/CN=The authority of a test" -days 30 -out ca.pem
make uri example.org URI:sip:example.org,DNS:other.example.net 30
make dns example.org DNS:example.org 30
make host other.example.net DNS:other.example.net 30
make wildcard example.org 'DNS:*.org' 30
make subject example.org - 30
make target a.example.org DNS:a.example.org 30
make foreign-uri example.org URI:sip:example.net,DNS:example.org 30
make address 127.0.0.1 IP:127.0.0.1 30
make_key alone
openssl req -x509 -new -key alone.key -subj "/CN=example.org" -addext subjectAltName=DNS:example.org \
  -days 30 -out alone.pem

# Whose time is not now: what only the authority's own command can say.
mkdir -p issued
: > issued/index
echo 64 > issued/serial
cat > issued/ca.conf <<'C'
[ca]
default_ca = here
[here]
database = issued/index
serial = issued/serial
new_certs_dir = issued
default_md = sha256
policy = any
copy_extensions = none
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = DNS:example.org
C
for name in expired future; do
  [ $name = future ] && year=2091 || year=2001
  make_key $name
  openssl req -new -key $name.key -subj "/CN=$name" -out $name.csr
  openssl ca -batch -config issued/ca.conf -cert ca.pem -keyfile ca.key -in $name.csr \
    -startdate ${year}0101000000Z -enddate ${year}1231000000Z -out $name.pem -notext 2> /dev/null
done
