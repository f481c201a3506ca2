#include "CArrow.h"

// The layouts are part of the interface: on a machine of 64 bits there is no padding in them.
_Static_assert(sizeof(void *) != 8 || sizeof(carrow_schema) == 72, "carrow_schema is not laid out as Arrow's");
_Static_assert(sizeof(void *) != 8 || sizeof(carrow_array) == 80, "carrow_array is not laid out as Arrow's");
_Static_assert(sizeof(void *) != 8 || sizeof(carrow_stream) == 40, "carrow_stream is not laid out as Arrow's");
