/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What people hand over instead of a profile, named for what it is. A runtime may take it without a
 * word and run the container unconfined. */
#include "profile/scan.h"

/* 0 when the document may be a profile; otherwise -EBADMSG, with a sentence that also says where in
 * it a profile stands, as far as one does. */
int foreign_document(const Scan *s, const ScanNode *root, Diag *d);

/* The same for bytes that are no JSON; 0 when they are nothing known. */
int foreign_text(Span text, Diag *d);
