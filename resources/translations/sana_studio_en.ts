<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>DesktopPresence</name>
    <message numerus="yes">
        <source>%n picture(s) ready</source>
        <translation>
            <numerusform>%n picture ready</numerusform>
            <numerusform>%n pictures ready</numerusform>
        </translation>
    </message>
</context>
</TS>
