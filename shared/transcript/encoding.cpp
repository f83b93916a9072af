// SPDX-License-Identifier: MIT
#include "transcript/encoding.h"

#include <algorithm>
#include <array>

namespace tincan {

namespace {

using Form = Encoding::Form;

constexpr std::array kEncodings = {
    Encoding{"utf-8", "UTF-8", "UTF-8", "Unicode, every script", Form::Utf8, 0},
    Encoding{"gb18030", "GB18030", "gb18030", "Chinese; holds GBK and GB2312", Form::MultiByte, 0x30},
    Encoding{"iso-8859-1", "Latin-1", "ISO-8859-1", "ISO-8859-1: every byte is a character", Form::SingleByte, 0},
    Encoding{"shift_jis", "Shift_JIS", "Shift_JIS", "Japanese", Form::MultiByte, 0x40},
    Encoding{"utf-16le", "UTF-16LE", "UTF-16LE", "Unicode, the low byte first (Windows)", Form::Utf16Le, 0},
    Encoding{"utf-16be", "UTF-16BE", "UTF-16BE", "Unicode, the high byte first (network, Java)", Form::Utf16Be, 0},
    Encoding{"windows-1252", "Windows-1252", "windows-1252", "Western European", Form::SingleByte, 0},
    Encoding{"big5", "Big5", "Big5", "Chinese, traditional", Form::MultiByte, 0x40},
    Encoding{"euc-kr", "EUC-KR", "EUC-KR", "Korean", Form::MultiByte, 0x80},
    Encoding{"windows-949", "Windows-949", "windows-949", "Korean; holds EUC-KR", Form::MultiByte, 0x41},
    Encoding{"euc-jp", "EUC-JP", "EUC-JP", "Japanese", Form::MultiByte, 0x80},
    Encoding{"koi8-r", "KOI8-R", "KOI8-R", "Russian", Form::SingleByte, 0},
    Encoding{"koi8-u", "KOI8-U", "KOI8-U", "Ukrainian", Form::SingleByte, 0},
    Encoding{"iso-8859-2", "ISO-8859-2", "ISO-8859-2", "Central European", Form::SingleByte, 0},
    Encoding{"iso-8859-15", "ISO-8859-15", "ISO-8859-15", "Latin-1 with the euro sign", Form::SingleByte, 0},
    Encoding{"windows-1250", "Windows-1250", "windows-1250", "Central European", Form::SingleByte, 0},
    Encoding{"windows-1251", "Windows-1251", "windows-1251", "Cyrillic", Form::SingleByte, 0},
    Encoding{"windows-1253", "Windows-1253", "windows-1253", "Greek", Form::SingleByte, 0},
    Encoding{"windows-1254", "Windows-1254", "windows-1254", "Turkish", Form::SingleByte, 0},
    Encoding{"windows-1255", "Windows-1255", "windows-1255", "Hebrew", Form::SingleByte, 0},
    Encoding{"windows-1256", "Windows-1256", "windows-1256", "Arabic", Form::SingleByte, 0},
    Encoding{"windows-874", "Windows-874", "windows-874", "Thai", Form::SingleByte, 0},
    Encoding{"ibm437", "IBM437", "IBM437", "DOS, United States", Form::SingleByte, 0},
    Encoding{"ibm850", "IBM850", "IBM850", "DOS, Western European", Form::SingleByte, 0},
    Encoding{"us-ascii", "ASCII", "US-ASCII", "7 bits; every other byte is shown as an escape", Form::SingleByte, 0},
};

} // namespace

std::span<const Encoding> encodings() noexcept
{
    return kEncodings;
}

const Encoding &utf8() noexcept
{
    return kEncodings.front();
}

const Encoding &encodingOf(QStringView id) noexcept
{
    const auto *found = std::find_if(kEncodings.begin(), kEncodings.end(),
                                     [id](const Encoding &encoding) { return id == QLatin1String(encoding.id); });
    return found == kEncodings.end() ? kEncodings.front() : *found;
}

int indexOf(const Encoding &encoding) noexcept
{
    return static_cast<int>(&encoding - kEncodings.data());
}

} // namespace tincan
