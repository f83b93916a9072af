// SPDX-License-Identifier: MIT
#include "ui/bytewords.h"

#include <type_traits>

#include <QtEndian>

namespace tincan {

namespace {

QString hexOf(qsizetype number)
{
    return QStringLiteral("0x") + QString::number(number, 16);
}

// "26725", or "65535 (−1)" where the sign bit is set.
template<typename Number>
QString bothSigns(Number number)
{
    const auto asSigned = static_cast<qint64>(static_cast<std::make_signed_t<Number>>(number));
    const QString text = QString::number(quint64{number});
    return asSigned < 0 ? text + QStringLiteral(" (%1)").arg(QString::number(asSigned).replace(u'-', u'−')) : text;
}

template<typename Number>
void addNumber(QString &text, QByteArrayView bytes, const QString &name)
{
    if (bytes.size() >= static_cast<qsizetype>(sizeof(Number))) {
        text += QStringLiteral(" · %1 LE %2 BE %3")
                    .arg(name, bothSigns(qFromLittleEndian<Number>(bytes.data())),
                         bothSigns(qFromBigEndian<Number>(bytes.data())));
    }
}

// A line of so many bytes each; `form` of each of them.
template<typename Form>
QString inLines(QByteArrayView bytes, qsizetype perLine, const QString &between, const QString &newLine, Form form)
{
    QString text;
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        text += at == 0 ? QString() : at % perLine == 0 ? newLine : between;
        text += form(static_cast<unsigned char>(bytes[at]));
    }
    return text;
}

QString twoDigits(unsigned char byte)
{
    return QStringLiteral("%1").arg(byte, 2, 16, QLatin1Char('0'));
}

} // namespace

QString inspectorText(QByteArrayView bytes, qsizetype at)
{
    if (at < 0 || at >= bytes.size()) {
        return {};
    }
    const QByteArrayView here = bytes.sliced(at);
    const auto byte = static_cast<quint8>(here[0]);
    QString text = QStringLiteral("byte %1 (%2) = 0x%3 · u8 %4").arg(hexOf(at)).arg(at).arg(twoDigits(byte), bothSigns(byte));
    addNumber<quint16>(text, here, QStringLiteral("u16"));
    addNumber<quint32>(text, here, QStringLiteral("u32"));
    addNumber<quint64>(text, here, QStringLiteral("u64"));
    return text;
}

QString spanText(qsizetype at, qsizetype size)
{
    return size == 1 ? QStringLiteral("1 byte at %1").arg(hexOf(at))
                     : QStringLiteral("bytes %1–%2 (%3 bytes)").arg(hexOf(at), hexOf(at + size - 1)).arg(size);
}

QString hexText(QByteArrayView bytes)
{
    return inLines(bytes, 16, QStringLiteral(" "), QStringLiteral("\n"), twoDigits);
}

QString cArrayText(QByteArrayView bytes)
{
    const QString body = inLines(bytes, 12, QStringLiteral(", "), QStringLiteral(",\n    "),
                                 [](unsigned char byte) { return QStringLiteral("0x") + twoDigits(byte); });
    return QStringLiteral("const unsigned char bytes[%1] = {\n    %2\n};\n").arg(bytes.size()).arg(body);
}

} // namespace tincan
