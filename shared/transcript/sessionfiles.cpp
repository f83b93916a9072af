// SPDX-License-Identifier: MIT
#include "transcript/sessionfiles.h"

namespace tincan {

Result<std::unique_ptr<RowSource>> openAnySession(const QString &path)
{
    return fail(0, CallName::Parse, path.toStdString() + ": opening files is not supported yet.");
}

bool endedInOrder(const QString & /*path*/)
{
    return true;
}

} // namespace tincan
