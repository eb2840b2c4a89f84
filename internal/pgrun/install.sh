#!/bin/sh
# Makes sure that PostgreSQL's server programs are installed; says in one line
# what to do where it may not install them itself.
set -eu
for bin in /usr/lib/postgresql/*/bin; do
	[ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && exit 0
done
if [ "$(id -u)" != 0 ]; then
	echo "PostgreSQL's server programs are missing: sudo apt-get install postgresql" >&2
	exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
	echo "PostgreSQL's server programs are missing: install PostgreSQL 15 or newer" >&2
	exit 1
fi
echo "installing PostgreSQL's server programs" >&2
# Without this the package starts a server of its own on port 5432.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
	printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq postgresql >/dev/null
