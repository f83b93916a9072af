// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>

namespace tincan {

// A value of the command line, where one was given: it goes before the setting of the same meaning until that setting is changed.
// A change of another setting leaves it alone.
template<typename T>
class Given
{
public:
    Given() = default;
    // `setting`: as it is now.
    Given(std::optional<T> value, T setting)
        : m_value(std::move(value))
        , m_setting(std::move(setting))
    {
    }

    // To be told when any setting has changed.
    void follow(const T &setting)
    {
        if (!(setting == m_setting)) {
            m_value.reset();
            m_setting = setting;
        }
    }
    T over(const T &setting) const { return m_value.value_or(setting); }

private:
    std::optional<T> m_value;
    T m_setting{};
};

} // namespace tincan
