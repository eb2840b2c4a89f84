#!/bin/sh
# Makes a certificate authority and one certificate for each node of the event
# store, once: what is there stays. Certificates live two years; to renew them,
# remove the node's directory, run this again and restart the node.
#
#   certificates.sh DIRECTORY NAME=ADDRESS…
set -eu
dir=$1
shift
umask 077
mkdir -p "$dir/ca"
if [ ! -f "$dir/ca/ca.crt" ]; then
	openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 3650 -subj "/O=Jejak/CN=Jejak event store authority" \
		-addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
		-keyout "$dir/ca.key" -out "$dir/ca/ca.crt" 2>/dev/null
fi
for node in "$@"; do
	name=${node%%=*}
	address=${node#*=}
	[ -f "$dir/$name/node.crt" ] && continue
	mkdir -p "$dir/$name"
	# All nodes have one common name: by it they know each other.
	openssl req -new -newkey rsa:3072 -nodes -sha256 -subj "/O=Jejak/CN=eventstoredb-node" \
		-keyout "$dir/$name/node.key" -out "$dir/$name/node.csr" 2>/dev/null
	cat >"$dir/$name/node.ext" <<-EXT
		basicConstraints=critical,CA:FALSE
		keyUsage=critical,digitalSignature,keyEncipherment
		extendedKeyUsage=serverAuth,clientAuth
		subjectAltName=DNS:$name,DNS:localhost,IP:$address,IP:127.0.0.1
	EXT
	openssl x509 -req -in "$dir/$name/node.csr" -CA "$dir/ca/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial \
		-days 730 -sha256 -extfile "$dir/$name/node.ext" -out "$dir/$name/node.crt" 2>/dev/null
	rm "$dir/$name/node.csr" "$dir/$name/node.ext"
done
# The nodes run as user 1000, the program as 65532: both read, neither writes. The
# authority's own key stays with root.
chmod 0755 "$dir" "$dir/ca"
chmod 0644 "$dir/ca/ca.crt"
for node in "$@"; do
	name=${node%%=*}
	chmod 0755 "$dir/$name"
	chmod 0644 "$dir/$name/node.crt"
	chmod 0640 "$dir/$name/node.key"
	if [ "$(id -u)" = 0 ]; then chown 0:1000 "$dir/$name/node.key"; fi
done
