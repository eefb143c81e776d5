# What makes a machine with a root of its own (root.sh, before this) a workstation: people, a resolver's place, no other
# names than those of the resolver. Set before: RESOLVED, the folder that systemd-resolved was unpacked to; PEOPLE.
# Never dpkg -x onto a root, its ./lib would replace the link /lib: so part by part.
for part in etc:etc usr:usr lib:usr/lib; do
  if [ -d "$RESOLVED/${part%:*}" ]; then cp -a "$RESOLVED/${part%:*}/." "/${part#*:}/"; fi
done
echo workstation > /proc/sys/kernel/hostname
printf '127.0.0.1 localhost\n127.0.1.1 workstation\n' > /etc/hosts
sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf

account() {                                         # name, uid and gid, home; the host's files are below, untouched
  grep -q "^$1:" /etc/group || echo "$1:x:$2:" >> /etc/group
  grep -q "^$1:" /etc/passwd || echo "$1:x:$2:$2::$3:/bin/sh" >> /etc/passwd
}
account systemd-resolve 4709 /nonexistent
account messagebus 4710 /nonexistent
for person in $PEOPLE; do                           # NAME:UID each
  account "${person%:*}" "${person#*:}" "/run/home/${person%:*}"
  install -d -m 700 -o "${person#*:}" -g "${person#*:}" "/run/home/${person%:*}"
done

mkdir -p /run/dbus /run/systemd/resolve /run/systemd/netif/links /etc/systemd/resolved.conf.d
chown systemd-resolve:systemd-resolve /run/systemd/resolve
cat > /etc/systemd/resolved.conf.d/workstation.conf <<'CONF'
[Resolve]
FallbackDNS=
LLMNR=no
MulticastDNS=no
DNSSEC=no
CONF
rm -f /etc/resolv.conf
ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf      # as on a real workstation
cp /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt.own
