# A root file system of its own for a machine: the host's, with a layer of memory on top. Run by the first process of
# the machine, in its own mount namespace. Arguments: what is seen of other parts of the host, in order, each as
#   cover:PATH  an empty folder of memory in its place     read:PATH  the host's, not to be written     write:PATH  the host's
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/layer/upper /run/layer/work /run/layer/root
mount -t overlay -o lowerdir=/,upperdir=/run/layer/upper,workdir=/run/layer/work overlay /run/layer/root
cd /run/layer/root
mount -t proc proc proc
mount -t sysfs sysfs sys                            # a new one, so that /sys/class/net shows this network
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
for sight in "$@"; do
  at=".${sight#*:}"
  mkdir -p "$at"
  case $sight in
    cover:*) mount -t tmpfs -o mode=755 tmpfs "$at" ;;
    read:*) mount -o bind,ro "${sight#*:}" "$at" ;;
    write:*) mount --rbind "${sight#*:}" "$at" ;;
  esac
done
pivot_root . mnt
umount -l /mnt
cd /
