#pragma once

#include <glib.h>

G_BEGIN_DECLS

double media_quality_rate (double delay, double loss, double robustness);
double media_quality_get_mos (double rating);

G_END_DECLS
