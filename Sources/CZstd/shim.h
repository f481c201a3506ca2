// zstd's own header (Debian's libzstd-dev); compression of the lake's objects.
#include <zstd.h>
